# What the guide has a person type, as a script: awk -f packaging/typed.awk resources/guide/tutorial.md | sh
/^```console/ { on = 1; next }
/^```/ { on = 0 }
on && /^[$>] / { print substr($0, 3) }
