import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { BacktestParameter } from '../../../shared/backtests.ts';
import { loadVocabulary } from '../filter/seen.ts';
import { SymbolList } from '../filter/symbol-list.tsx';
import { flash } from '../flash.tsx';
import { BacktestRefused, postBacktest } from './api.ts';
import {
  type FormErrors,
  type FormField,
  type FormValues,
  fieldOf,
  PARAMETER_NAMES,
  readForm,
  shownRange,
} from './form-values.ts';
import { PatternList } from './pattern-list.tsx';

const LABELS: Record<BacktestParameter, string> = {
  initial_capital: 'Capital, $',
  commission_rate: 'Commission, %',
  slippage_rate: 'Slippage, %',
  max_position_size: 'Largest position, %',
  stop_loss_pct: 'Stop loss, %',
  take_profit_pct: 'Take profit, %',
};

/** Asks for a backtest. What is wrong stands at its field, once somebody has tried. */
export function BacktestForm({ values: first }: { values: FormValues }) {
  const form = useRef<HTMLFormElement>(null);
  const values = useSignal(first);
  const isTried = useSignal(false);
  const isSending = useSignal(false);
  /** What the server said of the form as it was then. */
  const refused = useSignal<{ field: FormField | null; message: string } | null>(null);
  /** The same until it is known whether the backtest was taken: tried again, it is not another one. */
  const key = useRef(newKey());
  useEffect(() => {
    void loadVocabulary();
  }, []);
  const change = (changes: Partial<FormValues>) => {
    values.value = { ...values.peek(), ...changes };
    refused.value = null;
    key.current = newKey();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    // What was typed into a list and not entered counts too.
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
    if (isSending.peek()) return;
    isTried.value = true;
    const read = readForm(values.peek(), Date.now());
    if ('errors' in read) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[data-invalid=true] input')?.focus());
      return;
    }
    isSending.value = true;
    try {
      await postBacktest(read.request, key.current);
      key.current = newKey();
      isTried.value = false;
      flash('The backtest was handed over to TickStockPL');
    } catch (error) {
      const isRefused = error instanceof BacktestRefused;
      refused.value = {
        field: isRefused ? fieldOf(error.field) : null,
        message: isRefused ? error.message : 'The server cannot be reached. Try again: it will not run twice.',
      };
    } finally {
      isSending.value = false;
    }
  };
  const read = isTried.value ? readForm(values.value, Date.now()) : null;
  const errors: FormErrors = { ...(read && 'errors' in read ? read.errors : {}) };
  const { field = null, message = null } = refused.value ?? {};
  if (field !== null && message !== null) errors[field] ??= message;
  const { symbols, patterns, startDate, endDate, parameters } = values.value;
  return (
    <form ref={form} class="bt-form" aria-label="New backtest" noValidate onSubmit={submit}>
      <Field error={errors.symbols} name="symbols">
        <SymbolList label="Symbols" symbols={symbols} onChange={symbols => change({ symbols })} />
      </Field>
      <Field error={errors.patterns} name="patterns">
        <PatternList patterns={patterns} onChange={patterns => change({ patterns })} />
      </Field>
      <div class="bt-pairs">
        <TextField
          label="First day"
          name="start_date"
          type="date"
          error={errors.start_date}
          value={startDate}
          onChange={startDate => change({ startDate })}
        />
        <TextField
          label="Last day"
          name="end_date"
          type="date"
          error={errors.end_date}
          value={endDate}
          onChange={endDate => change({ endDate })}
        />
        {PARAMETER_NAMES.map(name => (
          <TextField
            key={name}
            label={LABELS[name]}
            name={name}
            type="text"
            placeholder={shownRange(name).isOptional ? 'none' : ''}
            error={errors[name]}
            value={parameters[name]}
            onChange={text => change({ parameters: { ...parameters, [name]: text } })}
          />
        ))}
      </div>
      <p class="bt-error" role="alert">
        {field === null ? message : null}
      </p>
      <button type="submit" class="button primary" aria-disabled={isSending.value}>
        {isSending.value ? 'Handing over…' : 'Run backtest'}
      </button>
    </form>
  );
}

/** What belongs to one field, with what is wrong with it. */
function Field({ name, error, children }: { name: FormField; error: string | undefined; children: ComponentChildren }) {
  return (
    <div class="bt-field" data-field={name} data-invalid={error !== undefined}>
      {children}
      {error !== undefined && (
        <p class="bt-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function TextField({
  label,
  name,
  type,
  placeholder = '',
  error,
  value,
  onChange,
}: {
  label: string;
  name: FormField;
  type: 'date' | 'text';
  placeholder?: string;
  error: string | undefined;
  value: string;
  onChange(text: string): void;
}) {
  const id = useId();
  return (
    <div class="bt-field" data-field={name} data-invalid={error !== undefined}>
      <label for={id}>{label}</label>
      <input
        id={id}
        {...(type === 'date' ? { type } : { type, inputMode: 'decimal' })}
        autocomplete="off"
        placeholder={placeholder}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-error`}
        value={value}
        onInput={event => onChange(event.currentTarget.value)}
      />
      <p id={`${id}-error`} class="bt-error" role="alert">
        {error}
      </p>
    </div>
  );
}

function newKey(): string {
  // A page that is not served safely has no randomUUID.
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}
