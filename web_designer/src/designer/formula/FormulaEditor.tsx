/** The editor of an expression with what belongs to it: what is wrong and how to mend it, what it gives, the functions there are. */
import { type FocusEvent, type JSX, useEffect, useId, useMemo, useRef, useState } from "react";
import { useApi } from "@/shared/api/context";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { useDesign, useDesignState } from "../core/DesignContext";
import type { DraftIssue } from "../core/store";
import { useTexts } from "../core/useTexts";
import { makeAdviser } from "./adviser";
import { type Editor, openEditor } from "./editor";
import { checkExpression } from "./expressionApi";
import type { FormulaControlProps } from "./FormulaControl";
import { FunctionBrowser } from "./FunctionBrowser";
import type { Mistake, Span } from "./squiggles";
import { Trial } from "./Trial";
import { typeWords, useWording } from "./wording";
import "./formula.css";

/** Codes of what the editor finds out by itself, sooner than the saved draft tells of it. */
const FOUND_HERE = /^expression-|^definition-formula-(?:type|path|volatile)$/;

export function FormulaEditor(props: FormulaControlProps): JSX.Element {
  const { title, name, value, subject, field, isDisabled = false, issues } = props;
  const { t, language } = useTexts("designer.formula");
  const api = useApi();
  const { labels } = useDesign();
  const revision = useDesignState((state) => state.revision);
  const id = useId();
  const whole = useRef<HTMLDivElement>(null);
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor>(null);
  const latest = useRef(props);
  const [mistakes, setMistakes] = useState<readonly Mistake[] | null>(null);
  const [type, setType] = useState<string | null>(null);
  const [sound, setSound] = useState<string | null>(null);
  const [isBrowsing, setBrowsing] = useState(false);
  const wording = useWording(labels);
  const { app, entity, use, wanted } = subject;
  const about = useMemo(() => ({ app, entity, use, wanted }), [app, entity, use, wanted]);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    if (parent.current === null) return undefined;
    const opened = openEditor(parent.current, {
      text: latest.current.value,
      adviser: makeAdviser((text, position, signal) => checkExpression(api, about, text, position, signal)),
      wording,
      show: wording.show,
      onChange: (text) => latest.current.onChange(text),
      onAnswer: (answer, found) => {
        setMistakes(found);
        setType(answer?.type ?? null);
        setSound(answer?.type == null ? null : answer.canonical);
      },
      onEnter: () => whole.current?.scrollIntoView({ block: "nearest" }),
      attributes: { "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-state`, "aria-multiline": "true", "data-name": latest.current.name },
      hint: latest.current.hint,
      phrases: wording.phrases,
    });
    editor.current = opened;
    opened.setDisabled(latest.current.isDisabled ?? false);
    return () => {
      editor.current = null;
      opened.close();
    };
  }, [api, about, id, wording]);
  useEffect(() => editor.current?.setText(value), [value]);
  useEffect(() => editor.current?.setDisabled(isDisabled), [isDisabled]);
  useEffect(() => editor.current?.refresh(), [revision]);
  /** What is pressed beside the box belongs to the writing. */
  const leave = (event: FocusEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) void editor.current?.settle().finally(() => latest.current.onLeave());
  };
  const others = issues.filter((issue) => mistakes === null || !FOUND_HERE.test(issue.code));
  return (
    <div className="prop formula" data-formula={name} ref={whole} onBlur={leave}>
      <div className="formula-head">
        <label id={`${id}-title`} onClick={() => editor.current?.focus()}>
          {title}
        </label>
        {isDisabled ? null : (
          <Button look="text" aria-expanded={isBrowsing} onClick={() => setBrowsing(!isBrowsing)}>
            {t("browse")}
          </Button>
        )}
      </div>
      <div ref={parent} className={`formula-box ${isDisabled ? "is-disabled" : ""} ${mistakes !== null && mistakes.length > 0 ? "is-wrong" : ""}`} />
      <div id={`${id}-state`} className="formula-state" aria-live="polite">
        {type !== null && value !== "" ? <span className="formula-type">{t("gives", { type: typeWords(t, type) })}</span> : null}
        <Mistakes mistakes={value === "" ? [] : (mistakes ?? [])} others={others} language={language} onGo={(place) => editor.current?.goTo(place)} onFix={(fix) => editor.current?.fix(fix)} />
      </div>
      {value === "" || isDisabled ? null : <Trial subject={about} text={sound} isWrong={mistakes !== null && mistakes.length > 0} field={field} />}
      {isBrowsing && !isDisabled ? (
        <FunctionBrowser subject={about} wording={wording} onInsert={(completion, text) => editor.current?.insert(completion, text)} onClose={() => setBrowsing(false)} />
      ) : null}
    </div>
  );
}

/** More are underlined, but not told one by one. */
const MOST_TOLD = 5;

type MistakesProps = {
  readonly mistakes: readonly Mistake[];
  readonly others: readonly DraftIssue[];
  readonly language: string;
  readonly onGo: (place: Span) => void;
  readonly onFix: (fix: Mistake["fixes"][number]) => void;
};

function Mistakes({ mistakes, others, language, onGo, onFix }: MistakesProps): JSX.Element | null {
  const { t } = useTexts("designer.formula");
  if (mistakes.length === 0 && others.length === 0) return null;
  return (
    <ul className="prop-fault formula-faults">
      {mistakes.slice(0, MOST_TOLD).map((mistake) => (
        <li key={`${mistake.place?.from ?? ""}:${mistake.text}`}>
          {mistake.place === null ? mistake.text : <Fault text={mistake.text} place={mistake.place} onGo={onGo} />}
          {mistake.fixes.map((fix) => (
            <button key={fix.words} type="button" className="formula-fix" onClick={() => onFix(fix)}>
              {fix.words}
            </button>
          ))}
        </li>
      ))}
      {mistakes.length > MOST_TOLD ? <li>{t("more", { count: mistakes.length - MOST_TOLD })}</li> : null}
      {others.map((issue) => (
        <li key={`${issue.code}:${issue.pointer}`}>{label(issue.message, language, issue.code)}</li>
      ))}
    </ul>
  );
}

function Fault({ text, place, onGo }: { readonly text: string; readonly place: Span; readonly onGo: (place: Span) => void }): JSX.Element {
  return (
    <button type="button" className="formula-fault" onClick={() => onGo(place)}>
      {text}
    </button>
  );
}
