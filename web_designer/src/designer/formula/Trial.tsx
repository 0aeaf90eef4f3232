/**
 * Shows below a formula what it gives for a saved record, the newest at first, and lets one step to others or find one.
 *
 * The server computes it over what is saved. While the formula is being written, the last value stays, dimmed.
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type JSX, useId, useMemo, useState } from "react";
import { useApi, useSession } from "@/shared/api/context";
import { useDebounced } from "@/shared/hooks/useDebounced";
import { label } from "@/shared/i18n/label";
import { Button } from "@/shared/ui/Button";
import { Combobox } from "@/shared/ui/Combobox";
import { useDesign, usePublished } from "../core/DesignContext";
import type { FieldDefinition } from "../core/doc";
import { useTexts } from "../core/useTexts";
import { answerText } from "./answerText";
import { type Subject, type TrialAnswer, tryExpression } from "./expressionApi";
import { listedOf, readTrialRecords, reasonOf, type TrialRecord } from "./trialRecords";

type TrialProps = {
  readonly subject: Subject;
  /** The formula as it is stored, null while something is wrong with it. */
  readonly text: string | null;
  /** Whether what is wrong is told: what it gave before is shown no more then. */
  readonly isWrong: boolean;
  /** The field that is to hold the value, where there is one. */
  readonly field?: FieldDefinition | undefined;
};

export function Trial({ subject, text, isWrong, field }: TrialProps): JSX.Element | null {
  const { t } = useTexts("designer.formula");
  const api = useApi();
  const id = useId();
  const published = usePublished();
  const { app, entity } = subject;
  const listed = useMemo(() => listedOf(published, entity), [published, entity]);
  const { triedOn } = useDesign();
  const [chosen, setChosen] = useState<TrialRecord | null>(() => triedOn.get(entity) ?? null);
  const [words, setWords] = useState("");
  const search = useDebounced(words.trim(), 200);
  const newest = useQuery({
    queryKey: ["trial records", app, entity, published?.["version"], ""],
    queryFn: ({ signal }) => readTrialRecords(api, app, entity, listed, "", signal),
    retry: false,
    staleTime: 60_000,
  });
  const found = useQuery({
    queryKey: ["trial records", app, entity, published?.["version"], search],
    queryFn: ({ signal }) => readTrialRecords(api, app, entity, listed, search, signal),
    retry: false,
    enabled: search !== "",
    placeholderData: keepPreviousData,
  });
  const records = newest.data ?? [];
  const record = chosen ?? records[0] ?? null;
  const answer = useQuery({
    queryKey: ["trial", subject, text, record?.id],
    queryFn: ({ signal }) => tryExpression(api, subject, text ?? "", record?.id ?? "", signal),
    enabled: text !== null && record !== null,
    retry: false,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
  /** Other formulas of the entity are tried on the same record from now on. */
  const choose = (next: TrialRecord): void => {
    triedOn.set(entity, next);
    setChosen(next);
  };
  if (newest.isPending) return null;
  if (newest.isError) return <p className="formula-trial formula-note">{t(reasonOf(newest.error, published, entity))}</p>;
  if (record === null) return <p className="formula-trial formula-note">{t("trial.none")}</p>;
  const place = records.findIndex((one) => one.id === record.id);
  const newer = place > 0 ? records[place - 1] : undefined;
  const older = records[place + 1];
  const options = (search === "" ? records : (found.data ?? [])).map((one) => ({ key: one.id, label: one.title }));
  return (
    <div className="formula-trial" role="group" aria-label={t("trial")}>
      {answer.isError ? (
        <p className="formula-note">{t(reasonOf(answer.error, published, entity))}</p>
      ) : answer.data && !isWrong ? (
        <Value answer={answer.data} field={field} isOld={text === null || answer.isPlaceholderData} />
      ) : null}
      <div className="formula-record">
        <label htmlFor={`${id}-record`}>{t("trial.record")}</label>
        <Combobox
          inputId={`${id}-record`}
          aria={{}}
          text={record.title}
          options={options}
          isLoading={search !== words.trim() || found.isPlaceholderData}
          emptyText={t("nothing")}
          listLabel={t("trial.record")}
          onQuery={setWords}
          onPick={(option) => option && choose({ id: option.key, title: option.label })}
        />
        <Button look="text" icon="up" aria-label={t("trial.newer")} title={t("trial.newer")} disabled={newer === undefined} onClick={() => newer && choose(newer)} />
        <Button look="text" icon="down" aria-label={t("trial.older")} title={t("trial.older")} disabled={older === undefined} onClick={() => older && choose(older)} />
      </div>
    </div>
  );
}

function Value({ answer, field, isOld }: { readonly answer: TrialAnswer; readonly field?: FieldDefinition | undefined; readonly isOld: boolean }): JSX.Element {
  const { t, language } = useTexts("designer.formula");
  const { labels } = useDesign();
  const { time_zone: zone } = useSession();
  const text = answerText(answer.value, answer.type ?? "any", answer.count, { t, language, labels, zone, titles: answer.titles, field });
  const names = [...new Set(answer.unpublished.map((name) => label(name.label, labels, name.key)))].join(t("trial.comma"));
  return (
    <>
      {answer.is_known ? (
        <output className={`formula-value ${isOld ? "is-old" : ""}`} aria-busy={isOld}>
          {answer.error !== null ? (
            <>
              <span className="value-error">#{answer.error}!</span> {label(answer.explanation, language)}
            </>
          ) : text === null ? (
            <span className="formula-blank">{t("trial.blank")}</span>
          ) : (
            text
          )}
        </output>
      ) : null}
      {names === "" ? null : <p className="formula-note">{t(answer.is_known ? "trial.unpublished" : "trial.unknown", { names })}</p>}
    </>
  );
}
