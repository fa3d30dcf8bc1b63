# syntax=docker/dockerfile:1
# Airflow with the provider, from the repository's root: docker build -f deploy/airflow.Dockerfile -t lakelab-airflow .
ARG AIRFLOW_IMAGE=apache/airflow:3.3.2
FROM ${AIRFLOW_IMAGE}
COPY --chown=airflow:0 integrations/airflow /opt/airflow/provider
# Stated beside the provider, so that pip leaves Airflow at the version that the image has.
RUN pip install --no-cache-dir "apache-airflow==${AIRFLOW_VERSION}" /opt/airflow/provider
