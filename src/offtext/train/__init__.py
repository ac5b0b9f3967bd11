"""Making the model: what is fitted on annotated texts. Needs the extra `train`."""
