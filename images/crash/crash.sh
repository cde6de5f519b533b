sleep "$AFTER_S"
echo "ends with $EXIT_CODE, as this image does" >&2
exit "$EXIT_CODE"
