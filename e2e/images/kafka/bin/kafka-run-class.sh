#!/bin/bash
exec java ${KAFKA_HEAP_OPTS:--Xmx256m} -Dorg.slf4j.simpleLogger.defaultLogLevel="${KAFKA_LOG_LEVEL:-info}" \
  ${KAFKA_OPTS:-} -cp '/opt/kafka/libs/*' "$@"
