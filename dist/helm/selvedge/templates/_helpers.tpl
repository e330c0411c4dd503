{{- define "selvedge.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "selvedge.labels" -}}
app.kubernetes.io/name: selvedge
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: {{ .Values.role }}
{{- end -}}

{{- define "selvedge.scheme" -}}
{{- if .Values.tls.secret }}https{{ else }}http{{ end -}}
{{- end -}}

{{/* The list of voters, NAME=HOST:PORT with commas. */}}
{{- define "selvedge.voters" -}}
{{- $name := include "selvedge.name" . -}}
{{- range $i := until (int .Values.replicas) -}}
{{- if $i }},{{ end }}{{ $name }}-{{ $i }}={{ $name }}-{{ $i }}.{{ $name }}-pods.{{ $.Release.Namespace }}.svc:5900
{{- end -}}
{{- end -}}

{{- define "selvedge.check" -}}
{{- if not (has .Values.role (list "origin" "edge" "quorum")) -}}
{{- fail (printf "role must be origin, edge or quorum, got %q" .Values.role) -}}
{{- end -}}
{{- if and (eq .Values.role "origin") (ne (int .Values.replicas) 1) -}}
{{- fail (printf "replicas must be 1 for an origin, got %v: use role=quorum for several machines" .Values.replicas) -}}
{{- end -}}
{{- if and (eq .Values.role "quorum") (or (lt (int .Values.replicas) 3) (eq (mod (int .Values.replicas) 2) 0)) -}}
{{- fail (printf "replicas must be odd and at least 3 for a quorum, got %v" .Values.replicas) -}}
{{- end -}}
{{- if eq .Values.role "edge" -}}
{{- $_ := required "edge.origin must be the URL of the server to follow" .Values.edge.origin -}}
{{- $_ := required "edge.tokenSecret must name a Secret with the key token" .Values.edge.tokenSecret -}}
{{- else -}}
{{- $_ := required "rootTokenSecret must name a Secret with the key token" .Values.rootTokenSecret -}}
{{- end -}}
{{- if eq .Values.role "quorum" -}}
{{- if eq (not .Values.quorum.certificatesSecret) (ne (len .Values.quorum.certificateSecrets) (int .Values.replicas)) -}}
{{- fail "set either quorum.certificatesSecret, a Secret with the certificates of all voters, or quorum.certificateSecrets, one Secret for each voter" -}}
{{- end -}}
{{- end -}}
{{- end -}}
