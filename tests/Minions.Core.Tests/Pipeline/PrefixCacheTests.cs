using CsCheck;
using Minions.Core.Generation;
using Minions.Core.Pipeline;
using Minions.Core.Tests.EndToEnd;

namespace Minions.Core.Tests.Pipeline;

public sealed class PrefixCacheTests
{
    private static readonly GenerationOptions Twenty = new() { MaxOutputTokens = 20, IgnoreEndToken = true };

    [Test]
    public async Task The_next_turn_of_a_chat_runs_only_what_is_new_and_gives_the_same_text()
    {
        using ModelSet models = await ModelSet.FamilyAsync();
        string prompt = ModelSet.Prompts(RepositoryFiles.FamilyPrompts, 1)[0];
        await using var reusing = new SpeculativePipeline(models.Compose(3, 4));
        await using var fresh = new SpeculativePipeline(models.Compose(3, 4), new PipelineOptions { PrefixCacheSize = 0 });

        // Entries of width one must not be built on by a request that asks for bit-identical results.
        foreach (DecodingMode mode in new[] { DecodingMode.BitIdentical, DecodingMode.Fastest })
        {
            GenerationResult first = await reusing.GenerateAsync(prompt, Twenty with { Mode = mode });
            int[] turn = [.. models.Tokenizer.Encode(prompt), .. first.TokenIds, .. models.Tokenizer.Encode(" And then")];
            GenerationResult second = await reusing.GenerateAsync(turn, Twenty);
            GenerationResult alone = await fresh.GenerateAsync(turn, Twenty);

            Assert.That(second.TokenIds, Is.EqualTo(alone.TokenIds), $"{mode}");
            Assert.That(second.Usage.ReusedPromptTokens, Is.InRange(turn.Length - 8, turn.Length - 1), $"{mode}");
            Assert.That(alone.Usage.ReusedPromptTokens, Is.Zero);
        }
    }

    [Test]
    public void No_more_are_kept_than_allowed_and_none_after_disposal()
    {
        var target = new TabularTarget(Tables.Scrambled) { IsReusable = true };
        using (var engine = new SteppedEngine(new PipelineComponents { Target = target }, new PipelineOptions { PrefixCacheSize = 2 }))
        {
            for (int i = 0; i < 5; i++)
                Assert.That(engine.Run([i], Twenty).TokenIds, Is.EqualTo(target.Decode([i], 20)));
            Assert.That(target.OpenSequences, Is.EqualTo(2));
        }

        Assert.That(target.OpenSequences, Is.Zero);
    }

    [Test]
    public void The_longest_common_prefix_is_found_and_the_last_id_always_run()
    {
        var target = new TabularTarget(Tables.Scrambled) { IsReusable = true };
        using var engine = new SteppedEngine(new PipelineComponents { Target = target });
        int[] one = [.. Enumerable.Repeat(1, 30)], two = [1, .. Enumerable.Repeat(2, 39)];
        engine.Run(one, Twenty);
        engine.Run(two, Twenty);

        Assert.Multiple(() =>
        {
            Assert.That(engine.Run([.. two, 5], Twenty).Usage.ReusedPromptTokens, Is.EqualTo(40));
            Assert.That(engine.Run(one, Twenty).Usage.ReusedPromptTokens, Is.EqualTo(29));
            Assert.That(engine.Run([.. one[..7], 3], Twenty).Usage.ReusedPromptTokens, Is.Zero, "too short to be worth a cache");
        });
    }

    [Test]
    public void Requests_share_only_under_equal_cache_keys()
    {
        var target = new TabularTarget(Tables.Scrambled) { IsReusable = true };
        using var engine = new SteppedEngine(new PipelineComponents { Target = target });
        int[] prompt = [.. Enumerable.Repeat(1, 30)];
        string?[] keys = [null, "fiction", "Fiction", ""];

        Assert.Multiple(() =>
        {
            foreach (string? key in keys)
                Assert.That(Reused(key), Is.Zero, $"the first of '{key}'");
            foreach (string? key in keys.Reverse())
                Assert.That(Reused(key is null ? null : new string(key.AsSpan())), Is.EqualTo(29), $"the second of '{key}'");
        });

        int Reused(string? key) => engine.Run(prompt, Twenty with { CacheKey = key }).Usage.ReusedPromptTokens;
    }

    [Test]
    public void No_sequence_ever_changes_its_cache_key_even_where_there_is_room_for_no_more() =>
        Gen.Select(Gen.Int[0, 3], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[1, 20]).Array[1, 20]).Sample((limit, requests) =>
        {
            var target = new TabularTarget(Tables.Scrambled) { IsReusable = true };
            using var engine = new SteppedEngine(new PipelineComponents { Target = target }, new PipelineOptions { PrefixCacheSize = limit });
            foreach ((int key, int first, int length) in requests)
            {
                int[] prompt = [.. Enumerable.Repeat(first, length)];
                GenerationResult result = engine.Run(prompt, Twenty with { CacheKey = key == 0 ? null : $"{key}" });
                Assert.That(result.TokenIds, Is.EqualTo(target.Decode(prompt, 20)));
                Assert.That(target.OpenSequences, Is.LessThanOrEqualTo(limit));
            }

            Assert.That(target.MixedKeys, Is.Zero);
        }, iter: 200);

    [Test]
    public async Task A_failed_request_leaves_nothing_behind()
    {
        var target = new TabularTarget(Tables.Scrambled) { IsReusable = true, BeforeVerify = request => Fail(request.Ids.Length == 5) };
        await using var pipeline = new SpeculativePipeline(new PipelineComponents { Target = target, LeaveOpen = true });

        Assert.That(async () => await pipeline.GenerateAsync([1, 2, 3], Twenty), Throws.TypeOf<ModelRunException>());
        Assert.That(target.OpenSequences, Is.Zero);

        static void Fail(bool now)
        {
            if (now)
                throw new InvalidOperationException("no more");
        }
    }
}
