using System.Runtime.CompilerServices;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>
/// A target that notes the width of every verification round and leaves the rest to another. What takes in the prompt is no round: of each
/// sequence the calls up to the first choice.
/// </summary>
internal sealed class RecordingTarget(ITargetVerifier target, PromptTexts prompts) : ITargetVerifier
{
    private readonly ConditionalWeakTable<ITargetSequence, Track> _tracks = [];
    private RoundLog _log = new(prompts.Domains.Count);

    public int ContextLength => target.ContextLength;

    public int VocabularySize => target.VocabularySize;

    public Exactness Exactness => target.Exactness;

    /// <summary>One: the request-by-request verification of all arms that do not pack.</summary>
    public int MaxBatchSize => 1;

    /// <summary>Where rounds of requests that begin from now on are counted.</summary>
    public RoundLog Log
    {
        get => Volatile.Read(ref _log);
        set => Volatile.Write(ref _log, value);
    }

    public ITargetSequence OpenSequence(SequenceOptions options)
    {
        ITargetSequence sequence = target.OpenSequence(options);
        _tracks.Add(sequence, new Track(Log, options.BitIdentical ? 2 : 1));
        return sequence;
    }

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        int rows = 0;
        foreach (VerificationRequest request in batch)
            rows += RowsOf(request);
        target.Verify(batch, cancellationToken);
        foreach (VerificationRequest request in batch)
            Record(request, new RunShape(rows, batch.Length));
    }

    /// <summary>Nothing: the models belong to the bench.</summary>
    public void Dispose()
    {
    }

    private int RowsOf(VerificationRequest request) =>
        request.RowsWanted > 0 && _tracks.TryGetValue(request.Sequence, out Track? track) ? Math.Max(track.LeastRows, request.RowsWanted) : 0;

    private void Record(VerificationRequest request, RunShape run)
    {
        if (request.RowsWanted == 0 || !_tracks.TryGetValue(request.Sequence, out Track? track))
            return;

        if (track.Domain is { } domain)
        {
            if (domain >= 0)
                track.Log.Add(domain, run, (double)RowsOf(request) / run.Rows);
        }
        else
        {
            track.Domain = prompts.DomainOf(request.Ids.Span);
        }
    }

    private sealed class Track(RoundLog log, int leastRows)
    {
        public RoundLog Log => log;

        /// <summary>The rows that a run of this sequence has at least.</summary>
        public int LeastRows => leastRows;

        /// <summary>Known once the prompt is taken in.</summary>
        public int? Domain { get; set; }
    }
}
