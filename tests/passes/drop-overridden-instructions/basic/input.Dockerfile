FROM nginx:1.27
CMD ["nginx"]
EXPOSE 8080
CMD ["nginx", "-g", "daemon off;"]
