# `make demo` and `make test` do all the set-up; the plain commands behind them are in the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo

# the model anew, in some hours: where the base encoder (a folder with weights and tokenizer.json), the annotations and
# the public corpora lie
BASE ?= build/e5-small-sv
ANNOTATIONS ?= ../shared/annotations
CORPORA ?= ../shared/corpora
MODEL := models/sv_offtext
WORK := build/model

.PHONY: demo test check lint types format accuracy model clean

demo: $(VENV)/.base
	$(BIN)/offtext analyze corpora/examples -o $(DEMO) --html
	@echo "Tables: $(DEMO)/*/*.parquet   Pages: $(DEMO)/html/"

test: $(VENV)/.test
	$(BIN)/python -m pytest

check: lint types test

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

accuracy: $(VENV)/.test
	$(BIN)/python benchmarks/accuracy.py

model: $(VENV)/.test
	mkdir -p $(WORK)/annotations
	ln -sfn $(abspath $(BASE)) $(WORK)/base
	ln -sfn $(abspath $(CORPORA)) $(WORK)/corpora
	cp $(ANNOTATIONS)/*.jsonl $(WORK)/annotations
	$(BIN)/python benchmarks/practice.py $(WORK)/annotations
	$(BIN)/python benchmarks/public.py $(WORK)/annotations --corpora $(WORK)/corpora
	$(BIN)/offtext train $(MODEL)/recipe-entities.toml -o $(WORK)/entities
	$(BIN)/offtext train $(MODEL)/recipe-tasks.toml -o $(WORK)/tasks
	$(BIN)/offtext train $(MODEL)/recipe.toml -o $(WORK)/run
	$(BIN)/offtext train $(MODEL)/recipe-folds.toml -o $(WORK)/run
	$(BIN)/offtext export $(WORK)/run --recipe $(MODEL)/recipe-folds.toml -o $(MODEL) --version 0.2.0 \
		--annotations $(WORK)/annotations --corpora $(WORK)/corpora
	$(BIN)/offtext evaluate $(WORK)/annotations/dev.texts.jsonl $(WORK)/annotations/dev.gold.jsonl -o $(WORK)/figures.json
	$(BIN)/python -m offtext.train.card $(MODEL) --figures $(WORK)/figures.json

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[test]"
	@touch $@ $(VENV)/.base

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache
