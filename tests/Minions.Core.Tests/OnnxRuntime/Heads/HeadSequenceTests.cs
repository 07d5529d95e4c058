using Minions.Core.Drafting;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.States;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>A head guesses what a fresh one would that is shown the same text: its cache is right at every moment.</summary>
public sealed class HeadSequenceTests
{
    private const int Vocabulary = 4096;

    private OnnxTargetVerifier _target = null!;
    private OnnxHeadModel _head = null!;

    [OneTimeSetUp]
    public async Task Load()
    {
        string folder = Path.Combine(RepositoryFiles.Heads, "eagle3");
        string[] states = ["hidden_states.0", "hidden_states.1", "hidden_states.2"];
        var target = new OnnxModelOptions { Folder = Path.Combine(folder, "target") };
        var head = new OnnxHeadOptions { Folder = Path.Combine(folder, "eagle3"), Target = target.Folder };
        target.States.AddRange(states);
        head.States.AddRange(states);
        _target = await OnnxTargetVerifier.LoadAsync(target);
        _head = await OnnxHeadModel.LoadAsync(head);
    }

    [OneTimeTearDown]
    public void Free()
    {
        _head.Dispose();
        _target.Dispose();
    }

    [Test]
    public void Guesses_after_any_rounds_rests_rejections_and_rewinds_are_those_of_a_fresh_head([Range(1, 6)] int seed)
    {
        var random = new Random(seed);
        List<int> text = [.. Ids(random, 1 + random.Next(90))];
        text.AddRange(Ids(random, 1));
        using var old = new HeadOnText(_target, _head);
        for (int round = 0; round < 25; round++)
        {
            switch (random.Next(8))
            {
                case 0 when text.Count > 20:
                    // Another request continues an earlier part of the text.
                    int kept = text.Count - random.Next(1, 18);
                    text.RemoveRange(kept, text.Count - kept);
                    old.States.Truncate(kept);
                    break;
                case 1:
                    // The head's own guess comes true: ids are equal, entries are not.
                    text.AddRange(old.Request.Proposal.Tokens[..Math.Min(2, old.Request.Proposal.Count)]);
                    break;
            }

            text.AddRange(Ids(random, 1 + random.Next(5)));
            int[] now = [.. text];
            old.TakeIn(now, [.. Ids(random, random.Next(4))]);
            if (random.Next(4) == 0)
                continue;

            int length = random.Next(1, 6);
            using var fresh = new HeadOnText(_target, _head);
            fresh.TakeIn(now);
            Assert.That(old.Guess(now, length), Is.EqualTo(fresh.Guess(now, length)), $"in round {round}, behind {now.Length} ids");
        }
    }

    [Test]
    public void A_head_that_missed_more_than_the_window_begins_anew_with_it()
    {
        var random = new Random(5);
        int[] text = [.. Ids(random, 50)];
        using var old = new HeadOnText(_target, _head, window: 64);
        old.TakeIn(text);
        old.Guess(text, 3);
        for (int rest = 0; rest < 30; rest++)
            old.TakeIn(text = [.. text, .. Ids(random, 5)]);

        using var fresh = new HeadOnText(_target, _head, old.States);
        int[] guess = old.Guess(text, 4);
        Assert.That(old.States.End - old.States.Start, Is.EqualTo(64));
        Assert.That(guess, Is.EqualTo(fresh.Guess(text, 4)));
        Assert.That(guess, Has.Length.EqualTo(4));
    }

    [TestCase(0)]
    [TestCase(20)]
    public void Entries_of_another_text_are_not_kept_where_the_ids_that_the_head_read_are_equal(int differs)
    {
        var random = new Random(9);
        int[] text = Ids(random, 100);
        using var old = new HeadOnText(_target, _head, window: 64);
        old.TakeIn(text);
        old.Guess(text, 3);
        int[] other = [.. text];
        other[differs]++;
        old.States.Truncate(differs);
        old.TakeIn(other);

        using var fresh = new HeadOnText(_target, _head, window: 64);
        fresh.TakeIn(other);
        Assert.That(old.Guess(other, 4), Is.EqualTo(fresh.Guess(other, 4)));
    }

    [Test]
    public async Task A_text_that_outgrows_the_head_is_read_from_later_on()
    {
        using HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", """{ "context_length": 40, "target": { "states": ["hidden_states.0", "hidden_states.1", "hidden_states.2"] } }""");
        using OnnxHeadModel narrow = await OnnxHeadModel.LoadAsync(new OnnxHeadOptions { Folder = folder.Head, Target = folder.Target });
        var random = new Random(10);
        int[] text = Ids(random, 30);
        using var old = new HeadOnText(_target, narrow);
        for (int round = 0; round < 12; round++)
        {
            old.TakeIn(text = [.. text, .. Ids(random, 5)]);
            int[] guess = old.Guess(text, 4);
            Assert.That(guess, Has.Length.EqualTo(4), $"behind {text.Length} ids");
        }

        int[] longer = Ids(random, 90);
        using var begun = new HeadOnText(_target, narrow);
        using var windowed = new HeadOnText(_target, _head, window: 40 - 4);
        begun.TakeIn(longer);
        windowed.TakeIn(longer);
        Assert.That(begun.Guess(longer, 4), Is.EqualTo(windowed.Guess(longer, 4)));
    }

    [Test]
    public void Two_sequences_at_once_and_packed_ones_guess_as_each_alone()
    {
        Assert.That(_head.MaxBatchSize, Is.EqualTo(16));
        var random = new Random(6);
        HeadOnText[] texts = [.. Enumerable.Range(0, 5).Select(_ => new HeadOnText(_target, _head))];
        int[][] ids = [.. texts.Select((_, i) => Ids(random, 3 + i * 17))];
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < texts.Length; i++)
            {
                texts[i].TakeIn(ids[i] = [.. ids[i], .. Ids(random, 1 + random.Next(3))]);
                texts[i].Request.Prepare(ids[i], 1 + (i + round) % 4);
            }

            _head.Propose([.. texts.Select(text => text.Request)], default);
            for (int i = 0; i < texts.Length; i++)
            {
                using var alone = new HeadOnText(_target, _head);
                alone.TakeIn(ids[i]);
                Assert.That(texts[i].Request.Fault, Is.Null);
                Assert.That(texts[i].Request.Proposal.Tokens.ToArray(), Is.EqualTo(alone.Guess(ids[i], 1 + (i + round) % 4)), $"text {i} in round {round}");
            }

            _head.SessionsSettled.Wait();
        }

        foreach (HeadOnText text in texts)
            text.Dispose();
        Assert.That(_head.Use, Is.EqualTo(default(Minions.Core.OnnxRuntime.Packing.DecoderUse)));
    }

    [Test]
    public void A_call_that_was_cancelled_leaves_no_trace()
    {
        var random = new Random(7);
        int[] text = Ids(random, 100);
        using var stop = new CancellationTokenSource();
        using var old = new HeadOnText(_target, _head);
        old.TakeIn(text);
        stop.Cancel();
        old.Request.Cancellation = stop.Token;
        old.Request.Prepare(text, 5);
        _head.Propose([old.Request], default);
        Assert.That(old.Request.Fault, Is.InstanceOf<OperationCanceledException>());

        old.Request.Cancellation = default;
        using var fresh = new HeadOnText(_target, _head);
        fresh.TakeIn(text);
        Assert.That(old.Guess(text, 5), Is.EqualTo(fresh.Guess(text, 5)));
    }

    [Test]
    public void Scores_are_the_first_choices_behind_the_right_ids()
    {
        var random = new Random(8);
        int[] text = Ids(random, 40);
        using var scored = new HeadOnText(_target, _head);
        scored.TakeIn(text);
        scored.Request.Prepare(text, 1, tokensToScore: 20);
        _head.Propose([scored.Request], default);

        Assert.That(scored.Request.ScoredTokens, Is.EqualTo(20));
        for (int i = 0; i < 20; i++)
        {
            int[] before = text[..(20 + i)];
            using var alone = new HeadOnText(_target, _head);
            alone.TakeIn(before);
            Assert.That((scored.Request.ScoredAgreements >> i & 1) != 0, Is.EqualTo(alone.Guess(before, 1)[0] == text[20 + i]), $"id {20 + i}");
        }
    }

    [Test]
    public void Without_the_newest_state_there_is_nothing_to_say()
    {
        int[] text = [1, 2, 3, 4];
        using var head = new HeadOnText(_target, _head);
        Assert.That(head.Guess(text, 3), Is.Empty, "no state yet");
        head.TakeIn(text);
        Assert.That(head.Guess([.. text, 5], 3), Is.Empty, "the newest is missing");
        Assert.That(head.Guess(text, 3), Has.Length.EqualTo(3));

        using IDraftSequence blind = _head.OpenSequence(new SequenceOptions());
        var request = new DraftRequest(blind);
        request.Prepare(text, 3);
        _head.Propose([request], default);
        Assert.That((request.Proposal.Count, request.Fault), Is.EqualTo((0, (Exception?)null)));
    }

    [Test]
    public void States_that_are_no_numbers_are_a_fault_of_the_head()
    {
        int[] text = [1, 2, 3, 4];
        using var head = new HeadOnText(_target, _head);
        head.TakeIn(text);
        TargetStates states = head.States;
        states.Truncate(2);
        states.Write(2).Fill(float.NaN);
        head.Request.Prepare(text, 3);
        _head.Propose([head.Request], default);
        Assert.That(head.Request.Fault, Is.Not.Null);
    }

    private static int[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
}
