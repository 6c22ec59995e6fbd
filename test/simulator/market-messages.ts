import { type Message, message, SOURCE } from './detection.ts';
import type { Prices } from './prices.ts';
import type { Random } from './random.ts';
import { ETFS, SYMBOLS } from './symbols.ts';
import { epochSeconds, isoUtc } from './times.ts';

/** Market data, each call one message published at `atMs`. */
export interface MarketMessages {
  /** The price of one of the funds that stand for the market, by turns. */
  price(atMs: number): Message;
  tick(atMs: number): Message;
  /** Bars, volume and summary by turns. */
  summary(atMs: number): Message;
  indicator(atMs: number): Message;
  indicatorAlert(atMs: number): Message;
}

const FUNDS = Object.keys(ETFS);
const INDICATORS = ['SMA5', 'SMA20', 'EMA12', 'RSI14', 'MACD', 'VWAP', 'ATR14'];
const ALERTS = ['RSI_OVERBOUGHT', 'RSI_OVERSOLD', 'MACD_CROSS', 'VOLUME_SURGE'];

export function createMarketMessages(random: Random, prices: Prices): MarketMessages {
  let priceTurn = 0;
  let summaryTurn = 0;
  const head = (atMs: number) => ({ source: SOURCE, timestamp: isoUtc(atMs) });

  return {
    price(atMs) {
      const symbol = FUNDS[priceTurn++ % FUNDS.length]!;
      const price = prices.at(symbol, atMs);
      const change = round(price - prices.opened(symbol), 2);
      const change_percent = round((100 * change) / prices.opened(symbol), 2);
      const volume = 1_000 * (1 + random.below(900));
      return message('tickstock.market.prices', 'market_price', {
        ...head(atMs),
        symbol,
        price,
        change,
        change_percent,
        volume,
      });
    },

    tick(atMs) {
      const symbol = random.pick(random.chance(0.5) ? FUNDS : SYMBOLS);
      const price = prices.at(symbol, atMs);
      const volume = 1 + random.below(500);
      if (random.chance(0.5)) {
        const body = { type: 'market_tick', symbol, price, volume, ...head(atMs) };
        return message('tickstock:market:ticks', 'market_tick', body);
      }
      const timestamp = epochSeconds(atMs);
      return message('tickstock.all_ticks', 'market_tick', {
        event_type: 'tick_data',
        ticker: symbol,
        price,
        volume,
        timestamp,
        source: SOURCE,
        market_status: 'REGULAR',
      });
    },

    summary(atMs) {
      const turn = summaryTurn++;
      const symbol = FUNDS[turn % FUNDS.length]!;
      const volume = 1_000 * (50 + random.below(5_000));
      if (turn % 3 === 1) return message('tickstock.market.volume', 'market_volume', { ...head(atMs), symbol, volume });
      if (turn % 3 === 2) {
        const symbols_up = 100 + random.below(SYMBOLS.length - 120);
        return message('tickstock.market.summary', 'market_summary', {
          ...head(atMs),
          total_symbols: SYMBOLS.length,
          symbols_up,
          symbols_down: SYMBOLS.length - symbols_up,
          total_volume: volume * 1_000,
        });
      }
      const open = prices.at(symbol, atMs);
      const close = round(open * (1 + random.normal() / 2_000), 2);
      return message('tickstock.market.ohlcv', 'market_bar', {
        ...head(atMs),
        symbol,
        timeframe: '1min',
        open,
        high: round(Math.max(open, close) * 1.0004, 2),
        low: round(Math.min(open, close) * 0.9996, 2),
        close,
        volume,
      });
    },

    indicator(atMs) {
      const symbol = random.pick(SYMBOLS);
      const indicator = random.pick(INDICATORS);
      const value = round(indicator === 'RSI14' ? random.between(20, 80) : prices.at(symbol, atMs), 3);
      if (random.chance(0.8)) {
        return message('tickstock:indicators:streaming', 'indicator', {
          type: 'streaming_indicator',
          source: SOURCE,
          calculation: { symbol, indicator, value, timestamp: isoUtc(atMs), timeframe: '1min', metadata: {} },
        });
      }
      const body = { ...head(atMs), symbol, indicator_type: indicator, values: { value }, timeframe: '5min' };
      return message('tickstock.events.indicators', 'indicator', body);
    },

    indicatorAlert(atMs) {
      const symbol = random.pick(SYMBOLS);
      const alert_type = random.pick(ALERTS);
      const data = { rsi: round(random.between(68, 85), 1) };
      const body = random.chance(0.5)
        ? { alert_type, symbol, ...head(atMs), data }
        : {
            type: 'indicator_alert',
            source: SOURCE,
            alert: { symbol, alert_type, timestamp: isoUtc(atMs), data, severity: 'medium' },
          };
      return message('tickstock:alerts:indicators', 'indicator_alert', body);
    },
  };
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
