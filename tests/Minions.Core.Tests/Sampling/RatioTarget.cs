using Minions.Core.Generation;
using Minions.Core.Verification;

namespace Minions.Core.Tests.Sampling;

/// <summary>
/// The rule of speculative sampling with one draft, wrong for a voted chain: a guess x is kept with probability p(x) / q(x), q being the
/// draft's own distribution, and replaced by a draw from what p has more than q.
/// </summary>
internal sealed class RatioTarget(Func<ReadOnlySpan<int>, float[]> target, Func<ReadOnlySpan<int>, float[]> draft) : ITargetVerifier
{
    private readonly Random _random = new(17);

    public int ContextLength => 1024;

    public int VocabularySize => target([0]).Length;

    public Exactness Exactness => Exactness.Guaranteed;

    public ITargetSequence OpenSequence(SequenceOptions options) => new Sequence();

    public void Verify(ReadOnlySpan<VerificationRequest> batch, CancellationToken cancellationToken)
    {
        foreach (VerificationRequest request in batch)
        {
            bool wantsMore = true;
            for (int row = request.RowsWanted; wantsMore; row--)
            {
                int position = request.Ids.Length - row + 1;
                double[] p = Softmax(target(request.Ids.Span[..position]));
                int choice = row == 1 ? Draw(p) : Judge(request.Ids.Span[position], p, Softmax(draft(request.Ids.Span[..position])));

                // The selector chooses what is far ahead of everything else.
                float[] forced = new float[p.Length];
                forced[choice] = 1e6f;
                wantsMore = request.Choose(forced);
            }
        }
    }

    public void Dispose()
    {
    }

    private int Judge(int guess, double[] p, double[] q) =>
        _random.NextDouble() < p[guess] / q[guess] ? guess : Draw([.. p.Zip(q, (mine, its) => Math.Max(0, mine - its))]);

    private int Draw(double[] weights)
    {
        double left = _random.NextDouble() * weights.Sum();
        int id = 0;
        while (id < weights.Length - 1 && (left -= weights[id]) >= 0)
            id++;
        return id;
    }

    private static double[] Softmax(float[] logits)
    {
        double[] weights = [.. logits.Select(logit => Math.Exp(logit))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private sealed class Sequence : ITargetSequence
    {
        public void Dispose()
        {
        }
    }
}
