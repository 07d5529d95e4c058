using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Graph;
using Minions.Core.States;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>
/// Both layouts of multi-token prediction, that with a section in its target's configuration and that which borrows embedding and head matrix, guess
/// what a plain computation does.
/// </summary>
public sealed class MtpLayoutTests
{
    private const int Chain = 4;

    private static IEnumerable<TestCaseData> Layouts =>
    [
        Case("in the target's folder", () => new MtpFolder(borrows: false)),
        Case("in the target's folder, no output of states", () => new MtpFolder(borrows: false, givesStates: false)),
        Case("borrowing", () => new MtpFolder(borrows: true)),
        Case("borrowing, no output of states", () => new MtpFolder(borrows: true, givesStates: false)),
        Case("float16 in the target's folder", () => new MtpFolder(borrows: false, OnnxElement.Float16)),
        Case("float16 borrowing", () => new MtpFolder(borrows: true, OnnxElement.Float16)),
    ];

    [TestCaseSource(nameof(Layouts))]
    public async Task Guesses_are_those_of_a_plain_computation(object layout)
    {
        using MtpFolder folder = ((Func<MtpFolder>)layout)();
        using var plain = new PlainMtpHead(folder);
        using OnnxHeadModel head = await OnnxHeadModel.LoadAsync(folder.HeadOptions);
        using OnnxTargetVerifier target = await folder.LoadTargetAsync(head);
        Assert.That(head.FindMisfit(target, tokenizer: null), Is.Null);
        Assert.That(head.MaxBatchSize, Is.EqualTo(16));

        var random = new Random(3);
        foreach (int length in new[] { 2, 3, 4, 9, 20, 33, 50 })
        {
            int[] text = Ids(random, length);
            using var run = new HeadOnText(target, head);
            run.TakeIn(text);
            Assert.That(run.Guess(text, Chain), Is.EqualTo(plain.Guess(text, Chain)), $"behind {length} ids");
        }
    }

    [TestCaseSource(nameof(Layouts))]
    public async Task So_are_they_after_rejections_rests_and_rewinds(object layout)
    {
        using MtpFolder folder = ((Func<MtpFolder>)layout)();
        using var plain = new PlainMtpHead(folder);
        using OnnxHeadModel head = await OnnxHeadModel.LoadAsync(folder.HeadOptions);
        using OnnxTargetVerifier target = await folder.LoadTargetAsync(head);
        for (int seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            List<int> text = [.. Ids(random, 2 + random.Next(10))];
            using var run = new HeadOnText(target, head);
            for (int round = 0; round < 15; round++)
            {
                if (text.Count > 40 || (text.Count > 12 && random.Next(5) == 0))
                {
                    int kept = text.Count - random.Next(4, 10);
                    text.RemoveRange(kept, text.Count - kept);
                    run.States.Truncate(kept);
                }

                if (random.Next(3) == 0)
                    text.AddRange(run.Request.Proposal.Tokens[..Math.Min(2, run.Request.Proposal.Count)]);
                text.AddRange(Ids(random, 1 + random.Next(3)));
                int[] now = [.. text];
                run.TakeIn(now, Ids(random, random.Next(4)));
                if (random.Next(4) != 0)
                    Assert.That(run.Guess(now, Chain), Is.EqualTo(plain.Guess(now, Chain)), $"seed {seed}, round {round}, behind {now.Length} ids");
            }
        }
    }

    [TestCaseSource(nameof(Layouts))]
    public async Task Several_at_once_guess_as_each_alone(object layout)
    {
        using MtpFolder folder = ((Func<MtpFolder>)layout)();
        using var plain = new PlainMtpHead(folder);
        using OnnxHeadModel head = await OnnxHeadModel.LoadAsync(folder.HeadOptions);
        using OnnxTargetVerifier target = await folder.LoadTargetAsync(head);
        var random = new Random(4);
        HeadOnText[] runs = [.. Enumerable.Range(0, 4).Select(_ => new HeadOnText(target, head))];
        int[][] texts = [.. runs.Select((_, i) => Ids(random, 3 + i * 9))];
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < runs.Length; i++)
            {
                runs[i].TakeIn(texts[i] = [.. texts[i], .. Ids(random, 1 + random.Next(3))]);
                runs[i].Request.Prepare(texts[i], Chain);
            }

            head.Propose([.. runs.Select(run => run.Request)], default);
            for (int i = 0; i < runs.Length; i++)
            {
                Assert.That(runs[i].Request.Fault, Is.Null);
                Assert.That(runs[i].Request.Proposal.Tokens.ToArray(), Is.EqualTo(plain.Guess(texts[i], Chain)), $"text {i} in round {round}");
            }

            await head.SessionsSettled;
        }

        foreach (HeadOnText run in runs)
            run.Dispose();
    }

    [TestCase(OnnxElement.Float16)]
    [TestCase(OnnxElement.BFloat16)]
    public async Task Narrow_states_arrive_as_the_same_numbers(int element)
    {
        using var folder = new MtpFolder(borrows: false, element);
        using var plain = new PlainMtpHead(folder);
        var options = new OnnxModelOptions { Folder = folder.Folder, States = { MtpFolder.States } };
        using OnnxTargetVerifier target = await OnnxTargetVerifier.LoadAsync(options);
        int[] text = Ids(new Random(5), 30);
        using var sequence = target.OpenSequence(new SequenceOptions { States = target.States });
        var states = new TargetStates(target.States!, 64);
        var request = new VerificationRequest(sequence, new SequenceOptions { States = target.States }) { States = states };
        request.Prepare(text, rowsWanted: 1);
        target.Verify([request], default);

        float[][] expected = plain.StatesOf(text);
        Assert.That(request.Fault, Is.Null);
        for (int position = 0; position < text.Length; position++)
        {
            float[] row = states.Row(position).ToArray();
            Assert.That(row, Is.EqualTo(expected[position]).Within(element == OnnxElement.Float16 ? 4e-3 : 4e-2), $"position {position}");
            Assert.That(row, Has.All.Matches<float>(number => element == OnnxElement.Float16 ? (float)(Half)number == number : (BitConverter.SingleToInt32Bits(number) & 0xFFFF) == 0), "narrow numbers");
        }
    }

    private static int[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(1, SyntheticOptions.Vocabulary))];

    private static TestCaseData Case(string name, Func<MtpFolder> make) => new TestCaseData(make).SetArgDisplayNames(name);
}
