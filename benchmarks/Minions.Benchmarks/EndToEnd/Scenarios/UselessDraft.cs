using Minions.Core;
using Minions.Core.Drafting;
using Minions.Core.Generation;

namespace Minions.Benchmarks.EndToEnd.Scenarios;

/// <summary>Proposes random ids at once, with the probabilities that the draft in whose place it stands gave to its own, and stops where these would have stopped it.</summary>
/// <param name="replaced">The draft in whose place it stands.</param>
/// <param name="vocabularySize">Ids are below this.</param>
/// <param name="sureness">Probabilities that the draft gave, one after another; at least one.</param>
internal sealed class UselessDraft(IDraftModel replaced, int vocabularySize, float[] sureness) : StandInDraft(replaced)
{
    private int _opened;

    public override IDraftSequence OpenSequence(SequenceOptions options) => new Sequence(new Random(Interlocked.Increment(ref _opened)));

    public override void Propose(ReadOnlySpan<DraftRequest> batch, CancellationToken cancellationToken)
    {
        foreach (DraftRequest request in batch)
        {
            Random random = ((Sequence)request.Sequence).Random;
            int place = random.Next(sureness.Length);
            float confidence = 1;
            for (int i = 0; i < request.Length && confidence >= request.MinimumConfidence; i++)
            {
                float probability = sureness[(place + i) % sureness.Length];
                request.Proposal.Add(random.Next(vocabularySize), probability);
                confidence *= probability;
            }
        }
    }

    private sealed class Sequence(Random random) : IDraftSequence
    {
        public Random Random => random;

        public void Dispose()
        {
        }
    }
}
