FROM example.org/team/base:3
RUN mkdir /opt/tool
COPY tool.sh tool.conf /opt/tool/
RUN chown -R daemon:daemon /opt/tool
