import { useId, type KeyboardEventHandler, type ReactNode, type Ref } from "react";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";

import s from "./ui.module.css";

interface Common {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  /** The label is read out but not drawn: the place says what it is. */
  bare?: boolean;
}

export interface TextFieldProps extends Common {
  type?: "text" | "password" | "tel" | "datetime-local";
  autoComplete?: string;
  required?: boolean;
  big?: boolean;
  minLength?: number;
  inputRef?: Ref<HTMLInputElement>;
  onKeyDown?: KeyboardEventHandler;
}

/** One line of typed text. */
export function TextField({ label, hint, bare, value, onChange, type = "text", big, inputRef, required, onKeyDown, ...rest }: TextFieldProps) {
  return (
    <AriaTextField className={s["field"] ?? ""} value={value} onChange={onChange} type={type} isRequired={required ?? false} {...rest} {...(bare ? { "aria-label": label } : {})}>
      {!bare && <Label className={s["label"]}>{label}</Label>}
      <Input className={s["input"] ?? ""} data-big={big ? true : undefined} ref={inputRef} spellCheck={false} {...(onKeyDown ? { onKeyDown } : {})} />
      {hint && <Text slot="description" className={s["hint"]}>{hint}</Text>}
    </AriaTextField>
  );
}

export interface TextBoxProps extends Common {
  rows?: number;
  inputRef?: Ref<HTMLTextAreaElement>;
  onKeyDown?: KeyboardEventHandler;
  placeholder?: string;
}

/** Typed text of several lines. */
export function TextBox({ label, hint, bare, value, onChange, rows = 2, inputRef, onKeyDown, placeholder }: TextBoxProps) {
  return (
    <AriaTextField className={s["field"] ?? ""} value={value} onChange={onChange} {...(bare ? { "aria-label": label } : {})}>
      {!bare && <Label className={s["label"]}>{label}</Label>}
      <TextArea className={s["input"] ?? ""} rows={rows} ref={inputRef} placeholder={placeholder} {...(onKeyDown ? { onKeyDown } : {})} />
      {hint && <Text slot="description" className={s["hint"]}>{hint}</Text>}
    </AriaTextField>
  );
}

export interface SelectFieldProps extends Common {
  groups: readonly { label: string | null; options: readonly { value: string; label: string }[] }[];
  inputRef?: Ref<HTMLSelectElement>;
  onKeyDown?: KeyboardEventHandler;
}

/** A choice from a list: the browser's own, which every screen reader and keyboard user knows. */
export function SelectField({ label, hint, bare, value, onChange, groups, inputRef, onKeyDown }: SelectFieldProps) {
  const id = useId();
  const options = (list: readonly { value: string; label: string }[]): ReactNode =>
    list.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ));
  return (
    <div className={s["field"]}>
      <label className={bare ? "hidden-visually" : s["label"]} htmlFor={id}>
        {label}
      </label>
      <select id={id} className={s["input"]} value={value} ref={inputRef} onKeyDown={onKeyDown} onChange={(event) => onChange(event.target.value)}>
        {groups.map((group) =>
          group.label === null ? options(group.options) : (
            <optgroup key={group.label} label={group.label}>
              {options(group.options)}
            </optgroup>
          ),
        )}
      </select>
      {hint && <span className={s["hint"]}>{hint}</span>}
    </div>
  );
}

/** A box to tick, with its words beside it; the browser's own. */
export function Tick({ label, checked, onChange }: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className={s["tick"]}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}

export interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  /** The value in words, for screen readers. */
  text: string;
  onChange: (value: number) => void;
}

/** A value on a line: the browser's own, for mouse, finger and arrow keys. Its label is read out, not drawn. */
export function Slider({ label, value, min, max, step = 1, text, onChange }: SliderProps) {
  return (
    <input type="range" className={s["slider"]} aria-label={label} aria-valuetext={text} min={min} max={max} step={step} value={value} onChange={(event) => onChange(event.target.valueAsNumber)} />
  );
}
