FROM ros:noetic
RUN apt-get update
RUN rosdep install --from-paths src -y
