/** The organization at a glance: the departments as a tree, beside them (on a phone below) the people of the one that is chosen. */
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type JSX } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useApi, useSession } from "@/shared/api/context";
import { ButtonLink } from "@/shared/ui/Button";
import { Icon } from "@/shared/ui/Icon";
import { Page } from "@/shared/ui/Page";
import { Empty, Failed, Loading } from "@/shared/ui/States";
import { Tag } from "@/shared/ui/Tag";
import { idsBelow, treeOf, type Department } from "./departmentTree";
import { ORGANIZATION, peopleKeys, readDepartments, readMembers } from "./organizationApi";
import "./organization.css";

const MOST_BELOW = 200;

export default function PeoplePage(): JSX.Element {
  const { t } = useTranslation("organization");
  const api = useApi();
  const mayChange = useSession().may.includes("install");
  const [asked, ask] = useSearchParams();
  const chosen = asked.get("department") ?? "";
  const [search, setSearch] = useState("");
  const departments = useQuery({ queryKey: peopleKeys.departments, queryFn: () => readDepartments(api) });
  const tree = useMemo(() => treeOf(departments.data ?? []), [departments.data]);
  const ids = chosen === "" ? [] : idsBelow(tree, chosen).slice(0, MOST_BELOW);
  const acts = mayChange ? (
    <>
      <ButtonLink to={`/apps/${ORGANIZATION}/import?entity=user`}>{t("import")}</ButtonLink>
      <ButtonLink look="primary" icon="add" to={`/apps/${ORGANIZATION}/records/user/new`}>
        {t("newUser")}
      </ButtonLink>
    </>
  ) : null;
  const filter = ids.map((id) => `department = "${id}"`).join(" OR ");
  return (
    <Page title={t("title")} look="page-people" acts={acts}>
      {departments.isPending ? (
        <Loading />
      ) : departments.isError ? (
        <Failed error={departments.error} onRetry={() => void departments.refetch()} />
      ) : (
        <div className="people-parts">
          <nav className="people-tree" aria-label={t("departments")}>
            <button type="button" className="people-department" aria-current={chosen === "" || undefined} onClick={() => ask({})}>
              <Icon name="people" /> {t("everybody")}
            </button>
            <Branch departments={tree} chosen={chosen} onChoose={(id) => ask({ department: id })} />
            {mayChange ? (
              <Link className="people-add" to={`/apps/${ORGANIZATION}/records/department/new`}>
                <Icon name="add" /> {t("newDepartment")}
              </Link>
            ) : null}
          </nav>
          <section className="people-members" aria-label={t("people")}>
            <div className="people-tools">
              <input className="input" type="search" aria-label={t("search")} placeholder={t("search")} value={search} onChange={(event) => setSearch(event.target.value)} />
              {chosen === "" ? null : <ButtonLink to={`/apps/${ORGANIZATION}/records/department/${chosen}`}>{t("openDepartment")}</ButtonLink>}
            </div>
            <Members filter={filter} search={search} />
          </section>
        </div>
      )}
    </Page>
  );
}

function Branch({ departments, chosen, onChoose }: { readonly departments: readonly Department[]; readonly chosen: string; readonly onChoose: (id: string) => void }): JSX.Element {
  const { t } = useTranslation("organization");
  return (
    <ul>
      {departments.map((one) => (
        <li key={one.id}>
          <button type="button" className="people-department" aria-current={one.id === chosen || undefined} onClick={() => onChoose(one.id)}>
            <span className={one.isActive ? undefined : "people-inactive"}>{one.name}</span>
            {one.isActive ? null : <Tag color="gray">{t("inactive")}</Tag>}
          </button>
          {one.below.length === 0 ? null : <Branch departments={one.below} chosen={chosen} onChoose={onChoose} />}
        </li>
      ))}
    </ul>
  );
}

function Members({ filter, search }: { readonly filter: string; readonly search: string }): JSX.Element {
  const { t } = useTranslation("organization");
  const api = useApi();
  const members = useQuery({ queryKey: peopleKeys.members(filter, search), queryFn: () => readMembers(api, filter, search), placeholderData: (before) => before });
  if (members.isPending) return <Loading />;
  if (members.isError) return <Failed error={members.error} onRetry={() => void members.refetch()} />;
  const { records, total } = members.data;
  if (records.length === 0) return <Empty icon="people" title={t("nobody")} />;
  return (
    <>
      <ul className="people-list">
        {records.map((one) => (
          <li key={one.id}>
            <Link to={`/people/${one.id}`} className="people-person">
              <span className="avatar" aria-hidden="true">
                {[...String(one.name)][0]}
              </span>
              <span className="people-name">
                <strong className={one.active === true ? undefined : "people-inactive"}>{String(one.name)}</strong>
                {one.active === true ? null : <Tag color="gray">{t("inactive")}</Tag>}
                {one.kind === "service" ? <Tag color="purple">{t("service")}</Tag> : null}
                <span className="people-quiet">{[one.main_position__title, one.department__title].filter((text) => typeof text === "string").join(" · ")}</span>
              </span>
              <span className="people-quiet people-mail">{String(one.email)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="people-quiet people-count">{t("count", { count: total ?? records.length, shown: records.length })}</p>
    </>
  );
}
