using System.Globalization;

namespace Minions.Benchmarks.Replay;

/// <summary>How often a draft's choices were the target's, by place in a proposal: what <c>speculation.json</c> beside a draft tells.</summary>
internal static class RecordedAgreement
{
    // A share of fewer trials says little; the last one told holds for all places behind it.
    private const int LeastTrials = 100;

    /// <summary>Counts it.</summary>
    /// <param name="texts">The recorded answers.</param>
    /// <param name="draft">The draft's place in the recording.</param>
    /// <returns>At index i, the share of proposals whose id at place i is the answer's, of those that were right before it.</returns>
    public static double[] Of(IReadOnlyList<RecordedText> texts, int draft)
    {
        var agreement = new List<double>();
        for (int place = 0; place < Recording.ProposalLength; place++)
        {
            int trials = 0, right = 0;
            foreach (RecordedText text in texts)
            {
                for (int i = 0; i < text.Proposals[draft].Length; i++)
                {
                    int[] guess = text.Proposals[draft][i].Ids;
                    ReadOnlySpan<int> answer = text.Ids.AsSpan(i + 1);
                    if (guess.Length <= place || answer.Length <= place || !answer[..place].SequenceEqual(guess.AsSpan(0, place)))
                        continue;

                    trials++;
                    right += answer[place] == guess[place] ? 1 : 0;
                }
            }

            if (trials < LeastTrials)
                break;

            agreement.Add(Math.Clamp((double)right / trials, 0.01, 0.99));
        }

        return [.. agreement];
    }

    /// <summary>Writes every draft's, one a line, as the file holds it.</summary>
    public static void Write(TextWriter writer, Recording recording)
    {
        for (int draft = 0; draft < recording.Drafts.Length; draft++)
        {
            IEnumerable<string> shares = Of(recording.Texts, draft).Select(share => share.ToString("0.00", CultureInfo.InvariantCulture));
            writer.WriteLine($"{recording.Drafts[draft]}: {{ \"version\": 1, \"agreement\": [{string.Join(", ", shares)}] }}");
        }
    }
}
