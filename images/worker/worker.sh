line=0
while :; do
	line=$((line + 1))
	echo "${MUSTER_INSTANCE_NAME:-worker}: line $line"
	sleep "$INTERVAL_S"
done
