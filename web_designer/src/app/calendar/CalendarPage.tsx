/** The calendar of working days: the months of a year, each day as it is worked; an administrator changes them by clicks. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readCalendarYear, saveCalendarYear, type CalendarYear } from "@/shared/api/platform";
import { Button, ButtonLink } from "@/shared/ui/Button";
import { Notice } from "@/shared/ui/Notice";
import { Empty, Failed, Loading, problemText } from "@/shared/ui/States";
import { useToast } from "@/shared/ui/Toasts";
import { Month } from "./Month";
import { areSame, inOrder, listed, turned } from "./yearDays";
import "./calendar.css";

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const [FIRST, LAST] = [1900, 2999];

export default function CalendarPage(): JSX.Element {
  const { t } = useTranslation("calendar");
  const api = useApi();
  const { year: written } = useParams();
  const year = written === undefined ? new Date().getFullYear() : Number(written);
  const isYear = Number.isInteger(year) && year >= FIRST && year <= LAST;
  const kept = useQuery({
    queryKey: keys.calendarYear(year),
    queryFn: () => readCalendarYear(api, year),
    enabled: isYear,
    // What is being changed must not change under the hands; a conflict is found when saving.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  useEffect(() => {
    document.title = t("title", { year });
  }, [t, year]);
  if (!isYear) return <Empty icon="warning" title={t("noYear")} />;
  if (kept.isPending) return <Loading />;
  if (kept.isError) return <Failed error={kept.error} onRetry={() => void kept.refetch()} />;
  return <Year key={`${year} ${kept.data.revision}`} kept={kept.data} onReload={() => void kept.refetch()} />;
}

function Year({ kept, onReload }: { readonly kept: CalendarYear; readonly onReload: () => void }): JSX.Element {
  const { t } = useTranslation("calendar");
  const api = useApi();
  const client = useQueryClient();
  const toast = useToast();
  const mayChange = useSession().may.includes("install");
  const before = listed(kept.days);
  const [days, setDays] = useState(before);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const isChanged = !areSame(days, before);
  const { year } = kept;
  useEffect(() => {
    if (!isChanged) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isChanged]);
  const save = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const saved = await saveCalendarYear(api, kept, inOrder(days));
      toast(t("saved", { year }));
      client.setQueryData(keys.calendarYear(year), saved);
      await client.invalidateQueries({ queryKey: keys.calendar, exact: true });
    } catch (problem) {
      setRefusal(problemText(problem, t));
      setBusy(false);
    }
  };
  return (
    <div className="page page-calendar">
      <header className="page-head">
        <div className="page-title">
          <h1>{t("title", { year })}</h1>
          <span className="page-kind">{kept.source}</span>
        </div>
        <span className="top-space" />
        {isChanged ? (
          <>
            <Button onClick={() => setDays(before)} disabled={isBusy}>
              {t("discard")}
            </Button>
            <Button look="primary" isBusy={isBusy} onClick={() => void save()}>
              {t("common:save")}
            </Button>
          </>
        ) : (
          <nav className="calendar-years" aria-label={t("years")}>
            {year > FIRST ? <ButtonLink to={`/calendar/${year - 1}`} icon="back" label={t("year", { year: year - 1 })} children={year - 1} /> : null}
            {year < LAST ? <ButtonLink to={`/calendar/${year + 1}`} label={t("year", { year: year + 1 })} children={year + 1} /> : null}
          </nav>
        )}
      </header>
      <div className="calendar-notes">
        {refusal === null ? null : (
          <Notice look="error" action={<Button onClick={onReload}>{t("common:reload")}</Button>}>
            {refusal}
          </Notice>
        )}
        <p className="calendar-help">{mayChange ? t("help") : t("helpReading")}</p>
      </div>
      <div className="calendar-months">
        {MONTHS.map((month) => (
          <Month key={month} year={year} month={month} days={days} {...(mayChange ? { onTurn: (date: string) => setDays((now) => turned(now, date)) } : {})} />
        ))}
      </div>
    </div>
  );
}
