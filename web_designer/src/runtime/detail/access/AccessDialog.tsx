/** The question who may do what with a record: a user, an action and a field in, the answer with the policies that decided out. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { explainAccess, findUsers, type Somebody } from "@/shared/api/access";
import { useApi } from "@/shared/api/context";
import { useModel } from "@/shared/api/model";
import { label } from "@/shared/i18n/label";
import { Combobox } from "@/shared/ui/Combobox";
import { Dialog } from "@/shared/ui/Dialog";
import { Failed, Loading } from "@/shared/ui/States";
import { Answer } from "./Answer";
import type { AskAccessProps } from "./AskAccess";
import "./access.css";

const ACTIONS = ["read", "update", "delete", "create", "export", "print", "import", "bulk", "restore", "share"] as const;

export function AccessDialog({ entity, record, title, onClose }: AskAccessProps & { readonly onClose: () => void }): JSX.Element {
  const { t, i18n } = useTranslation("access");
  const api = useApi();
  const { app } = useModel();
  const id = useId();
  const language = i18n.language;
  const [user, setUser] = useState<Somebody | null>(null);
  const [words, setWords] = useState("");
  const [action, setAction] = useState("read");
  const [field, setField] = useState("");
  const users = useQuery({ queryKey: ["access", "users", words], queryFn: ({ signal }) => findUsers(api, words, signal), placeholderData: keepPreviousData });
  const question = { app, entity: entity.key, id: record, user: user?.id ?? "", action, field };
  const answer = useQuery({ queryKey: ["access", question], queryFn: ({ signal }) => explainAccess(api, question, signal), enabled: user !== null, staleTime: 0 });
  const transitions = entity.states?.transitions ?? [];
  return (
    <Dialog place="side" title={t("title", { name: title })} onClose={onClose}>
      <div className="access-ask">
        <label htmlFor={`${id}-user`}>{t("user")}</label>
        <Combobox
          inputId={`${id}-user`}
          text={user?.name ?? ""}
          options={(users.data ?? []).map((one) => ({ key: one.id, label: one.name, content: <UserLine user={one} />, user: one }))}
          isLoading={users.isFetching}
          emptyText={t("noUser")}
          placeholder={t("userPlaceholder")}
          clearLabel={t("clearUser")}
          onQuery={setWords}
          onPick={(picked) => setUser(picked?.user ?? null)}
          aria={{}}
          listLabel={t("user")}
        />
        <label htmlFor={`${id}-action`}>{t("action")}</label>
        <select id={`${id}-action`} className="input" value={action} onChange={(event) => setAction(event.target.value)}>
          {ACTIONS.map((one) => (
            <option key={one} value={one}>
              {t(`action.${one}`)}
            </option>
          ))}
          {transitions.map((one) => (
            <option key={one.key} value={`transition.${one.key}`}>
              {label(one.name, language, one.key)}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}-field`}>{t("field")}</label>
        <select id={`${id}-field`} className="input" value={field} onChange={(event) => setField(event.target.value)}>
          <option value="">{t("noField")}</option>
          {entity.fields.map((one) => (
            <option key={one.key} value={one.key}>
              {label(one.name, language, one.key)}
            </option>
          ))}
        </select>
      </div>
      {user === null ? (
        <p className="access-quiet">{t("choose")}</p>
      ) : answer.isError ? (
        <Failed error={answer.error} onRetry={() => void answer.refetch()} />
      ) : answer.data === undefined ? (
        <Loading />
      ) : (
        <Answer answer={answer.data} />
      )}
    </Dialog>
  );
}

function UserLine({ user }: { readonly user: Somebody }): JSX.Element {
  return (
    <>
      {user.name} <span className="access-quiet">{user.email}</span>
    </>
  );
}
