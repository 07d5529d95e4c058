using Minions.Benchmarks.Models;
using Minions.Core.Sampling;

namespace Minions.Benchmarks.Replay;

/// <summary>What to replay.</summary>
/// <param name="Set">The models.</param>
/// <param name="File">Where the recording is kept.</param>
/// <param name="RecordsAgain">Whether to record even if the file exists.</param>
/// <param name="MaxTokens">Most ids of an answer, when recording.</param>
/// <param name="LimitPerDomain">Most prompts of a domain, when recording.</param>
/// <param name="Sampling">How the target chooses its ids, when recording.</param>
/// <param name="Conditions">Under which conditions rules are compared.</param>
/// <param name="RunTimes">Times of target runs in place of the recorded ones.</param>
/// <param name="StepTimes">Times of drafts' steps in place of the recorded ones.</param>
/// <param name="StartTimes">Times of beginning to draft in place of the recorded ones.</param>
/// <param name="Sweep">The policy's numbers to vary, instead of comparing rules; <see langword="null"/> to compare.</param>
/// <param name="TellsAgreement">Whether to tell how often each draft is right, instead of comparing rules.</param>
internal sealed record ReplaySettings(
    RepositoryModels Set,
    string File,
    bool RecordsAgain,
    int MaxTokens,
    int LimitPerDomain,
    SamplingOptions Sampling,
    ReplayConditions Conditions,
    double[]? RunTimes,
    double[]? StepTimes,
    double[]? StartTimes,
    IReadOnlyList<TuningNumber>? Sweep,
    bool TellsAgreement);
