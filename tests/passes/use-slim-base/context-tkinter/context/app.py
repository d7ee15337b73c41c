from tkinter import Tk
