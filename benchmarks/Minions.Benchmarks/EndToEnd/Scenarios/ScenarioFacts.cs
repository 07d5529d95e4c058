namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>What the drafts of scenarios need to know of the real models.</summary>
/// <param name="VocabularySize">The target's ids are below this.</param>
/// <param name="TargetStep">What a run of two rows of the target takes: plain decoding of one id, bit-identical.</param>
/// <param name="Sureness">For each draft by name the probabilities it gave to ids it proposed one after another; at least one.</param>
/// <param name="Texts">The target's own texts, prompts included.</param>
internal sealed record ScenarioFacts(int VocabularySize, TimeSpan TargetStep, IReadOnlyDictionary<string, float[]> Sureness, ReferenceTexts Texts);
