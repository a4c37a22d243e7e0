{{/* Names and what all processes share. */}}
{{- define "quittance.name" -}}
{{- if contains "quittance" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-quittance" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "quittance.labels" -}}
app.kubernetes.io/name: quittance
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "quittance.selector" -}}
app.kubernetes.io/name: quittance
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "quittance.account" -}}
{{ default (include "quittance.name" .) .Values.serviceAccount.name }}
{{- end }}

{{- define "quittance.secret" -}}
{{ required "existingSecret names the Secret with DATABASE_URL, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET and JWT_SECRET" .Values.existingSecret }}
{{- end }}

{{/* Called with a dictionary of root, process, args, env, port, probe, resources, and secret where it has one of its own. */}}
{{- define "quittance.pod" -}}
{{- $root := .root -}}
metadata:
  labels:
    {{- include "quittance.selector" $root | nindent 4 }}
    app.kubernetes.io/component: {{ .process }}
  annotations:
    # A changed setting starts the processes anew.
    checksum/settings: {{ toJson $root.Values.settings | sha256sum }}
    {{- with $root.Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  serviceAccountName: {{ include "quittance.account" $root }}
  automountServiceAccountToken: false
  # What is in hand is finished first.
  terminationGracePeriodSeconds: 40
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    seccompProfile: { type: RuntimeDefault }
  {{- with $root.Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ .process }}
      image: "{{ $root.Values.image.repository }}:{{ default $root.Chart.AppVersion $root.Values.image.tag }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      args: {{ toJson .args }}
      envFrom:
        - secretRef:
            name: {{ default (include "quittance.secret" $root) .secret }}
      env:
        - { name: HOST, value: "0.0.0.0" }
        - { name: DATA_DIR, value: /data }
        {{- range $name, $value := .env }}
        - { name: {{ $name }}, value: {{ $value | quote }} }
        {{- end }}
        {{- range $name, $value := $root.Values.settings }}
        - { name: {{ $name }}, value: {{ $value | quote }} }
        {{- end }}
      {{- if .port }}
      ports:
        - { name: http, containerPort: {{ .port }} }
      startupProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /healthz, port: http }
        periodSeconds: 10
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: {{ .probe }}, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
      lifecycle:
        # Balancers hear of the end before it comes.
        preStop: { exec: { command: ["node", "-e", "setTimeout(() => {}, 5000)"] } }
      {{- end }}
      resources:
        {{- toYaml .resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
  volumes:
    # Nothing is kept here that is needed again: mails kept as files, without SMTP_URL, go with the pod.
    - { name: data, emptyDir: {} }
    - { name: tmp, emptyDir: {} }
  {{- with $root.Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $root.Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
