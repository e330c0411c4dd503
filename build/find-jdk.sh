# Defines find_jdk, which prints the path of a JDK of at least version $needed. Source this file.

# Reads the release file of the JDK, which is faster than starting it.
is_new_enough() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$version" ] && [ "$version" -ge "$needed" ]
}

find_jdk() {
  local candidate on_path
  if [ -n "${JAVA_HOME:-}" ] && is_new_enough "$JAVA_HOME"; then
    echo "$JAVA_HOME"
    return
  fi
  if on_path=$(command -v java); then
    on_path=$(readlink -f "$on_path")
    candidate=${on_path%/bin/java}
    if is_new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  fi
  for candidate in /usr/lib/jvm/* ${HOME:+"$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*} /opt/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_new_enough "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  return 1
}
