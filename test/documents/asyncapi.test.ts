import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import { clientMessageSchema, serverMessageSchema } from '../../shared/client-protocol.ts';
import { CLOSE_CODES } from '../../shared/codes.ts';
import { userClientMessageSchema, userMessageSchema } from '../../shared/user-protocol.ts';
import { asyncApiDocument } from '../../workers/documents/asyncapi.ts';
import { type Frame, TOPIC_FRAMES, USER_FRAMES } from '../../workers/documents/frames.ts';
import { checkFrame } from '../support/documented-frames.ts';

const document = asyncApiDocument({ strict: false });

describe('the AsyncAPI document', () => {
  it('is one of version 3, as AsyncAPI’s own parser has it', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(JSON.stringify(document));
    expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
    const channels = parsed!.channels().all();
    expect(channels.map(channel => channel.address())).toEqual(['/ws/{topic}', '/ws/me']);
    expect(channels.map(channel => channel.messages().all().length)).toEqual([TOPIC_FRAMES.length, USER_FRAMES.length]);
  }, 60_000);

  it('has every kind of frame that the schemas of the wire know', () => {
    const of = (frames: readonly Frame[], sentBy: Frame['sentBy']) =>
      new Set(frames.filter(frame => frame.sentBy === sentBy && typeof frame.example === 'object').map(f => f.schema));
    expect(of(TOPIC_FRAMES, 'server')).toEqual(new Set(serverMessageSchema.options));
    expect(of(TOPIC_FRAMES, 'client')).toEqual(new Set(clientMessageSchema.options));
    expect(of(USER_FRAMES, 'server')).toEqual(new Set(userMessageSchema.options));
    expect(of(USER_FRAMES, 'client')).toEqual(new Set(userClientMessageSchema.options));
  });

  it('has every close code', () => {
    const told = document.channels.topic['x-close-codes'].map(({ code }) => code);
    expect(told).toEqual(Object.values(CLOSE_CODES).map(({ code }) => code));
  });

  for (const [channel, frames] of [
    ['topic', TOPIC_FRAMES],
    ['me', USER_FRAMES],
  ] as const) {
    for (const { name, example } of frames) {
      it(`has an example of ${name} on ${channel} that is one, and leaves nothing out that is told of`, () => {
        expect(checkFrame(channel, example)).toEqual({ name, faults: [] });
      });
    }
  }
});
