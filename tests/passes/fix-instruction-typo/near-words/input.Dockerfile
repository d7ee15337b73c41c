FROM debian:bookworm-slim
COPPY a b
EXPSE 80
ENRTYPOINT ["a"]
WORKDIRR /x
VOLUMES ["/data"]
LABLE a=b
ENVV A=b
