"""The layers: from a layout, and the records of earlier layers, to new records. One module or package a layer."""
