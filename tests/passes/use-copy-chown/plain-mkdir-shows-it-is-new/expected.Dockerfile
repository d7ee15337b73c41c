FROM example.org/team/base:3
RUN mkdir /opt/tool
COPY --chown=daemon:daemon tool.sh tool.conf /opt/tool/
RUN chown daemon:daemon /opt/tool
