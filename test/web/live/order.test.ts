import { describe, expect, it } from 'vitest';
import { Order } from '../../../web/live/order.ts';

function orderOf(...rows: string[]): Order<string> {
  const order = new Order<string>();
  for (const row of rows) order.insert(order.rows.length, row);
  return order;
}

const positions = (order: Order<string>) => Object.fromEntries(order.rows.map(row => [row, order.positionOf(row)]));

describe('an order of rows', () => {
  it('numbers them from the lowest up', () => {
    const order = orderOf('a', 'b', 'c');
    expect(positions(order)).toEqual({ a: 0, b: 1, c: 2 });
    expect(order.head).toBe(3);
    expect([order.at(0), order.at(2), order.at(3), order.at(-1)]).toEqual(['a', 'c', undefined, undefined]);
    expect(order.positionOf('nobody')).toBeNull();
  });

  it('leaves every row where it is when one comes in below', () => {
    const order = orderOf('a', 'b');
    order.addBelow('z');
    expect(positions(order)).toEqual({ z: -1, a: 0, b: 1 });
  });

  it('leaves those below where they are when one comes in between', () => {
    const order = orderOf('a', 'b');
    order.insert(1, 'x');
    expect(positions(order)).toEqual({ a: 0, x: 1, b: 2 });
  });

  it('leaves those above where they are when one goes, the lowest or another', () => {
    const order = orderOf('a', 'b', 'c', 'd');
    expect(order.remove('a')).toBe(true);
    expect(positions(order)).toEqual({ b: 1, c: 2, d: 3 });
    expect(order.remove('c')).toBe(true);
    expect(positions(order)).toEqual({ b: 2, d: 3 });
    expect(order.remove('c')).toBe(false);
    expect(positions(order)).toEqual({ b: 2, d: 3 });
  });

  it('gives the topmost of other rows the position that the topmost had', () => {
    const order = orderOf('a', 'b', 'c');
    order.replace(['x', 'y']);
    expect(positions(order)).toEqual({ x: 1, y: 2 });
    expect(order.head).toBe(3);
  });
});
