using System.Runtime.CompilerServices;
using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Measuring;

/// <summary>A head that notes how far it went in each round, since nothing runs beside it. The model behind it belongs to the bench.</summary>
/// <param name="head">The head that works.</param>
/// <param name="recorder">Where rounds are counted.</param>
/// <param name="prompts">What tells the requests' domains.</param>
internal sealed class RecordingHead(IDraftModel head, RecordingTarget recorder, PromptTexts prompts) : DelegatingDraftModel(head, leaveOpen: true)
{
    private readonly ConditionalWeakTable<IDraftSequence, Track> _tracks = [];

    public override IDraftSequence OpenSequence(SequenceOptions options)
    {
        IDraftSequence sequence = Inner.OpenSequence(options);
        _tracks.Add(sequence, new Track(recorder.Log));
        return sequence;
    }

    public override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        Inner.Propose(batch, cancellationToken);
        foreach (DraftRequest request in batch)
        {
            if (_tracks.TryGetValue(request.Sequence, out Track? track))
                Record(track, request);
        }
    }

    private void Record(Track track, DraftRequest request)
    {
        // What it reads of the prompt is no round's cost, as the target's prefill is none.
        int rows = track.Seen == 0 ? 1 : request.Context.Length - track.Seen;
        track.Seen = request.Context.Length;
        if ((track.Domain ??= prompts.DomainOf(request.Context.Span)) is >= 0 and int domain)
            track.Log.AddChain(domain, Name, rows, request.Proposal.Count);
    }

    private sealed class Track(RoundLog log)
    {
        public RoundLog Log => log;

        /// <summary>How much of the text it has read.</summary>
        public int Seen { get; set; }

        public int? Domain { get; set; }
    }
}
