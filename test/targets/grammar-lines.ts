/** The command lines. ONE and TWO stand for the namespaces; the kubeconfig's is ONE. */
export interface CommandLine {
  readonly line: string;
  /** Standard input. */
  readonly input: string;
  /** Where the two differ: what is said here, and whether kubectl deletes something. */
  readonly words: { readonly ours: RegExp; readonly kubectlDeletes?: true } | undefined;
}

const row = (line: string, words?: CommandLine['words'], input = ''): CommandLine => ({ line, input, words });
const same = (...lines: readonly string[]): readonly CommandLine[] => lines.map((line) => row(line));

const group = 'grammar.safe-delete.test';
const podText = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

export const commandLines: readonly CommandLine[] = [
  // One type and names
  ...same('pod a', 'pods a b', 'po a', 'Pod a', 'PODS a', 'pod a a b', 'pod nothere', 'pod a b c d e f plain', 'pod a b c d e nothere -n ONE'),
  ...same('svc a', 'deploy a', 'deployment a', 'deployments.apps a', 'deployments.v1.apps a', 'deployments.v1.apps. a', 'statefulsets.app a', 'sts a', 'pvc a', 'cm a b', 'ConfigMap a', 'cj a', 'job a'),
  ...same('ing a', 'ingress a', 'ingresses.networking a', 'ingresses.networking.k8s.io a', 'ingresses.v1.networking.k8s.io a', 'Ingress.v1.networking.k8s.io a', 'netpol a', 'pdb a', 'role a', 'pods.v1. a', 'pods.v1 a'),
  ...same('PO a', 'SVC a', 'Deploy a', 'po.v1. a', 'pods.v2. a', 'deployments.v2.apps a', 'pods.nothing a', 'nothing a', 'pods/log a'),
  // Custom resources
  ...same('widget a', 'widgets a b', 'wd a', 'wdg a', 'Widget a', `widgets.${group} a`, 'widgets.grammar a', `widget.v1beta1.${group} a`, `wd.${group} a`, `widgets.v7.${group} a`, 'gadget grammar-a', 'gg grammar-a grammar-b'),
  ...same('bigboxes a', 'big-box a', 'BigBox a', `BigBox.${group} a`, `BigBox.v1.${group} a`, `bigbox.${group} a`, 'bigbox a'),
  ...same(`pods.metrics.${group} a`, `pods.metrics a`, `deployments.apps.${group} a`, `deploy.apps.${group} a`, `ingresses.legacy a`, 'zz a', `zz.b.${group} a`, 'alpha a', 'omegas a'),
  // TYPE/NAME
  ...same('pod/a', 'pod/a pod/b po/a', 'pod/a svc/a deploy/a', 'widget/a gadget/grammar-a pod/a', `widgets.v1.${group}/a cm/a`, 'pod/a -n TWO', 'priorityclass/grammar-low', 'pc/grammar-low -n TWO'),
  ...same('pod,svc a', 'pod,cm a b', 'po,pods,pod a', 'pod,widget,gadget a', 'deploy,sts,pvc a -n ONE'),
  ...same('pod/a b', 'pod a pod/b', 'pod/a/b', 'pod/', '/a', 'pod,svc/a', 'all/a', 'all a', 'pod,all a', 'grammar-things a', 'nothing/a'),
  // Selections
  ...same('pods --all', 'pods -l app=web', 'pods -l app=other', "pods -l 'app in (web,other),tier'", "pods -l 'app!=web'", "pods -l '!tier'", 'pods -l app=nobody', 'pods -lapp=web,has-a=yes'),
  ...same('pods,svc -l app=web', 'cm,secret,sa -l app=web', 'pods --field-selector metadata.name=a', 'pods --field-selector=metadata.name!=a -l app=web', 'pods --field-selector status.phase=Pending'),
  ...same('all --all', 'all -l app=web', 'grammar-things --all', 'grammar-things -l app=web', 'all,cm -l app=web', 'widgets --all', 'wd --all -n TWO', 'bigboxes,zz --all', 'gadgets --all -n TWO', 'priorityclasses -l app=web'),
  ...same('widgets --all -A', 'widgets,bigboxes --all -A', 'pods -l has-a=yes -A', 'gadgets --all -A', 'pods --all -n TWO', 'pods --all -n not-there', 'pods a -n not-there', "pods -l ' app=web '", "pods a -l ''"),
  row("pods -l '=,'", { ours: /BadRequest|unable to parse/u }),
  row('pods --field-selector nothing=x', { ours: /BadRequest|field label not supported/u }),
  row('widgets --all -A -n ONE', { ours: /^--namespace and --all-namespaces cannot be specified together$/u }),
  row('bindings --all', { ours: /MethodNotAllowed/u }),
  // What does not go together
  ...same('pods a -l app=web', 'pods a --all', 'pod/a -l app=web', 'pod/a --all', 'pods', 'pods,svc', 'nothing', 'pods -A', 'pods a -A', 'pod/a -A', 'gadget grammar-a -A', '-l app=web', '--field-selector metadata.name=a'),
  row('pods --all -l app=web', { ours: /^cannot set --all and --selector at the same time$/u }),
  row('pods --all --field-selector a=b', { ours: /^cannot set --all and --field-selector at the same time$/u }),
  row('', { ours: /^you must provide one or more resources by argument or filename/u }),
  row('-A', { ours: /^you must provide one or more resources by argument or filename/u }),
  ...same('--all'),
  // Files
  ...same('-f pod.yaml', '-f pod.json', '-f anyname', '-f many.yaml', '-f stream.json', '-f list.yaml', '-f podlist.json', '-f other.yaml', '-f cluster.yaml', '-f cluster.yaml -n TWO', '-f beta.yaml', '-f dates.yaml', '-f twice.yaml', '-f pod.yaml -f pod.json', '-f pod.yaml,many.yaml'),
  ...same('-f dir', '-f dir -R', '-f dir/', '-f dir/one.yaml -R', "-f 'dir/*.yaml'", "-f 'd*/t*'", "-f '*.json'", "-f 'dir/[ot]*'", '-f pod.yaml -n TWO', '-f other.yaml -n TWO', '-f other.yaml -n ONE', '-f labels.yaml -l app=web', "-f labels.yaml -l 'app in (web,other)'"),
  ...same("-f labels.yaml -l 'tier>0'", "-f labels.yaml -l '!app'", '-f labels.yaml --all', '-f labels.yaml --field-selector metadata.name=a', '-f empty.yaml', '-f not-there.yaml', "-f 'none*.yaml'", '-f nothing'),
  ...same('-f pod.yaml pods', '-f pod.yaml pod a', '-f pod.yaml pod/a', '-f pod.yaml -k kustom', '-k kustom -R', '-k kustom', '-k kustom -l app=web'),
  row('-f -', undefined, podText),
  row('-f - -n TWO', undefined, podText),
  row('-f -', undefined, ''),
  row('-f - -f -', undefined, podText),
  row('-f pod.yaml -A', { ours: /^an empty namespace may not be set when a resource name is provided$/u, kubectlDeletes: true }),
  row('-f generated.yaml', { ours: /resource name may not be empty for a Pod: generateName "x-" names no object$/u, kubectlDeletes: true }),
  row('-f nokind.yaml', { ours: /^unable to decode "nokind.yaml": Object 'Kind' is missing/u }),
  row('-f truth.yaml', { ours: /^unable to decode "truth.yaml": /u }),
  row('-f number.yaml', { ours: /^unable to decode "number.yaml": /u }),
  row('-f broken.yaml', { ours: /^error parsing broken.yaml: error converting YAML to JSON: yaml: /u }),
  ...same('-f unknown.yaml', '-f unserved.yaml'),
  row("pod ''", { ours: /^resource name may not be empty$/u, kubectlDeletes: true }),
  row('pod ..', { ours: /^invalid resource name "\.\.": \[may not be '\.\.'\]$/u, kubectlDeletes: true }),
];
