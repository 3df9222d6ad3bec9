# Every target sets up what it needs: a fresh machine needs Python 3.11, pip and make only.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
FONTS := fonts-arphic-uming fonts-arphic-ukai fonts-wqy-zenhei fonts-liberation fonts-dejavu-core libpango-1.0-0 libpangoft2-1.0-0
DEMO := samples/cases/demo_mixed
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONSAFEPATH := 1

.PHONY: help browser fonts tools advisories review serve test proof check format lint types imports samples goldens floors refit clean

help: ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "需要 Python 3.11（$(PYTHON) 未找到）。 Python 3.11 is needed ($(PYTHON) was not found)." >&2; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[audit,openvino,onnxruntime,paddle,samples,evaluation,oidc,otel,dev]'
	@# PaddleOCR brings a second, older cv2: the headless one is laid over it.
	$(BIN)/python -m pip install --quiet -c constraints.txt --force-reinstall --no-deps opencv-python-headless
	touch $@

review: $(STAMP) ## Review the sample application and write its report to build/report.html
	@mkdir -p build
	@$(BIN)/zhengshen review $(DEMO) --registry $(DEMO)/registry --as-of 2026-11-01 --format html --output build/report.html || test $$? -eq 1
	@$(BIN)/zhengshen review $(DEMO) --registry $(DEMO)/registry --as-of 2026-11-01 || test $$? -eq 1
	@echo; echo "HTML: build/report.html"

serve: $(STAMP) ## Run the service on port 8000 with its data in ./data; the first start prints an API key and the first password
	$(BIN)/zhengshen serve

test: $(STAMP) fonts browser tools ## Run the tests, all but the long proofs
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow"

proof: $(STAMP) fonts browser tools ## Run the long proofs: processes killed, disks full, clocks shifted; both engines on scans; floors of accuracy
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

# Drawing samples in tests needs Debian's free Chinese fonts; where they may not be installed those tests skip and say so.
fonts:
	@dpkg -s $(FONTS) >/dev/null 2>&1 || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $(FONTS) >/dev/null; } \
	|| echo "未能安装字体，绘制样例的测试将跳过：apt-get install $(FONTS)。 Fonts could not be installed; tests that draw will be skipped." >&2

# Tests of the page drive Debian's own Chromium; where it may not be installed they skip and say so.
browser:
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
	|| echo "未能安装 chromium，页面测试将跳过：apt-get install chromium。 Chromium could not be installed; tests of the page will be skipped." >&2

# Programs that tests start for real: PostgreSQL, LibreOffice (old .doc and .xls files, drafts opened as an office would), a C compiler (the shifted
# clock). Only what is missing is installed; where it may not be, the tests that need it skip and name it.
tools:
	@missing=""; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	command -v cc >/dev/null || missing="$$missing gcc libc6-dev"; \
	command -v soffice >/dev/null || missing="$$missing libreoffice-writer-nogui libreoffice-calc-nogui"; \
	test -z "$$missing" || { apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } \
	|| echo "未能安装$$missing，用到它们的测试将跳过。 Could not install$$missing; tests that need them will be skipped." >&2

advisories: $(STAMP) ## Ask PyPI for known weaknesses of every pinned package; tests hold tests/dependency_floors.toml where it cannot be asked
	@test -x $(VENV)/pip-audit/bin/pip-audit || { $(PYTHON) -m venv $(VENV)/pip-audit && $(VENV)/pip-audit/bin/pip install --quiet pip-audit; }
	$(VENV)/pip-audit/bin/pip-audit -r constraints.txt --no-deps --disable-pip --progress-spinner off

check: $(STAMP) format lint types imports test proof ## Format, lint, types, import rule, tests, proofs

format: $(STAMP)
	$(BIN)/ruff format --check .

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

samples: $(STAMP) fonts ## Draw samples/cases anew
	$(BIN)/python -m samples.generate --committed

goldens: $(STAMP) ## Write the golden reports anew
	$(BIN)/python -m pytest tests/golden --update-golden

floors: $(STAMP) fonts ## Measure the fixed small set and raise tests/evaluation/floors.toml
	$(BIN)/python -m tests.evaluation.floors

refit: $(STAMP) fonts ## Draw and read cases anew and fit the confidence of recognised values
	$(BIN)/python -m tests.evaluation.refit --collect

clean:
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache
