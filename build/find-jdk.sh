# Defines find_jdk, which prints the path of a JDK of at least version $needed, and class_path, which
# prints the class path of the jars in a directory. Source this file.

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

# The first jar has the class that checks how many files the JVM may open: the JVM ignores the others
# if it cannot open them.
class_path() {
  local first=("$1"/selvedge-cli-*.jar)
  echo "${first[0]}:$1/*"
}
