"""Fine-tuning: one encoder with a head a task, trained on all of them at once.

    offtext train RECIPE.toml -o FOLDER

`recipe` says what to train on and how, `corpus` reads it, `batches` makes tensors, `network` is the model, `loop`
trains, `scoring` tells how well it does on held-out texts.
"""
