from ctypes import CDLL
from ctypes.util import find_library

xml = CDLL(find_library("xml2"))
