using System.Runtime.CompilerServices;
using Minions.Core;
using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>
/// A target that notes the width of every verification round and leaves the rest to another. What takes in the prompt is no round: of each
/// sequence the calls up to the first choice. Where such a call shares a run with rounds of other requests, those alone give the run's shape.
/// </summary>
/// <param name="target">The target that works; it belongs to the bench.</param>
/// <param name="prompts">What tells the requests' domains.</param>
/// <param name="packs">Whether it may take several requests into one run.</param>
internal sealed class RecordingTarget(ITargetVerifier target, PromptTexts prompts, bool packs) : DelegatingTargetVerifier(target, leaveOpen: true)
{
    private readonly ConditionalWeakTable<ITargetSequence, Track> _tracks = [];
    private RoundLog _log = new(prompts.Domains.Count);

    public override int MaxBatchSize => packs ? Inner.MaxBatchSize : 1;

    /// <summary>Where rounds of requests that begin from now on are counted.</summary>
    public RoundLog Log
    {
        get => Volatile.Read(ref _log);
        set => Volatile.Write(ref _log, value);
    }

    public override ITargetSequence OpenSequence(SequenceOptions options)
    {
        ITargetSequence sequence = Inner.OpenSequence(options);
        _tracks.Add(sequence, new Track(Log, options.BitIdentical ? 2 : 1));
        return sequence;
    }

    public override void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        int rows = 0, slots = 0;
        foreach (VerificationRequest request in batch)
        {
            int own = RowsOf(request);
            rows += own;
            slots += own > 0 ? 1 : 0;
        }

        Inner.Verify(batch, cancellationToken);
        foreach (VerificationRequest request in batch)
            Record(request, new RunShape(rows, slots));
    }

    // None while the prompt is taken in.
    private int RowsOf(VerificationRequest request) =>
        _tracks.TryGetValue(request.Sequence, out Track? track) && track.Domain is not null ? Math.Max(track.LeastRows, request.RowsWanted) : 0;

    private void Record(VerificationRequest request, RunShape run)
    {
        int rows = RowsOf(request);
        if (!_tracks.TryGetValue(request.Sequence, out Track? track))
            return;
        if (track.Domain is >= 0 and int domain)
            track.Log.Add(domain, run, (double)rows / run.Rows);
        else if (request.RowsWanted > 0)
            track.Domain ??= prompts.DomainOf(request.Ids.Span);
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
