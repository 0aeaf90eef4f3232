/** Gives whether the person may do something with an app, as the server says it; true until that is known, for the server decides anyway. */
import { useQuery } from "@tanstack/react-query";
import { useApi } from "@/shared/api/context";
import { keys } from "@/shared/api/model";
import { readApps } from "@/shared/api/platform";

export function useMay(app: string, act: "design" | "publish"): boolean {
  const api = useApi();
  const apps = useQuery({ queryKey: keys.apps, queryFn: () => readApps(api), staleTime: 60_000 });
  return apps.data?.find(({ key }) => key === app)?.may.includes(act) ?? true;
}
