FROM nginx:1.27
EXPOSE 8080
CMD ["nginx", "-g", "daemon off;"]
