// Stands for the verifier that every bundle carries (build/verifier.ts), for tests of bundles.

process.exitCode = 1;
