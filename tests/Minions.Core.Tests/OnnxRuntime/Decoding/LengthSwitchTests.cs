using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime;
using Minions.Core.OnnxRuntime.Decoding;
using Minions.Core.OnnxRuntime.Folder;
using Minions.Core.OnnxRuntime.Packing;
using Minions.Core.Tests.OnnxRuntime.Graph;
using Minions.Core.Tests.OnnxRuntime.Synthetic;
using Minions.Core.Verification;

namespace Minions.Core.Tests.OnnxRuntime.Decoding;

/// <summary>Where rotary factors change with the length, logits are those that the file gives for the text so far in one run.</summary>
public sealed class LengthSwitchTests
{
    private const int Switch = 32;

    private static readonly SyntheticOptions LongRope = new() { GroupQuery = true, ContextLength = 256, LongestShortText = Switch };

    [Test]
    public void Logits_are_those_of_one_run_of_the_text_wherever_it_was_cut_and_taken_back([Values] bool inPlace, [Values] bool bitIdentical)
    {
        using TemporaryFolder? files = inPlace ? SyntheticFolder.Create(LongRope) : null;
        string path = files?.Path ?? Path.Combine(RepositoryFiles.Graphs, "longrope");
        var folder = ModelFolder.Read(path);
        using InferenceSession original = GraphRunner.Open(folder);
        using PackedDecoder packed = BitIdentityTests.Open(path);
        Assert.That(packed.Decoder.SharesBuffers, Is.EqualTo(inPlace));
        Assert.That(packed.Decoder.Signature.LongestShortText, Is.EqualTo(Switch));
        Assert.That(packed.Sessions, Is.Null, "all texts of a run would share their factors");

        var random = new Random(3);
        using var sequence = new OnnxSequence(packed.Decoder.OpenCache(), bitIdentical, longestShortText: Switch);
        int[] text = [];
        foreach (int length in new[] { 20, 110, 30, 32, 33, 31, 36, 1, 200, 28, 40, 25, 34, 33, 32 })
        {
            int kept = Math.Min(text.Length, random.Next(Math.Max(0, length - 8), length));
            text = [.. text[..kept], .. Enumerable.Range(0, length - kept).Select(_ => random.Next(packed.Decoder.Signature.VocabularySize))];
            int wanted = Math.Min(length, random.Next(1, 9));
            int read = length - wanted;
            sequence.Rewind(text, wanted);
            while (sequence.RunChunk(text))
            {
                for (; read < sequence.Ids.Length; read++)
                {
                    float[] whole = GraphRunner.RunOriginal(original, folder, text[..(read + 1)]);
                    float[] given = sequence.LogitsAfter(read).ToArray();
                    Assert.That(given, Is.EqualTo(whole[^given.Length..]).Within(1e-4), $"row {read} of {length}");
                }
            }

            Assert.That(read, Is.EqualTo(length));
        }
    }

    [Test]
    public void The_probe_tries_both_kinds_of_factors([Values] bool inPlace)
    {
        using TemporaryFolder? files = inPlace ? SyntheticFolder.Create(LongRope) : null;
        using PackedDecoder packed = BitIdentityTests.Open(files?.Path ?? Path.Combine(RepositoryFiles.Graphs, "longrope"));

        Assert.That(packed.Decoder.CrossRowOperator, Is.Null);
        Assert.That(ExactnessProbe.Run(packed.Decoder, default), Is.EqualTo(Exactness.Guaranteed));
    }

    [TestCase(256)]
    [TestCase(1000)]
    public void A_switch_beyond_the_context_never_comes(int longestShort)
    {
        using var files = SyntheticFolder.Create(LongRope with { LongestShortText = longestShort });
        using PackedDecoder packed = BitIdentityTests.Open(files.Path);
        Assert.That(packed.Decoder.Signature.LongestShortText, Is.EqualTo(int.MaxValue));
    }

    [Test]
    public void Rotary_tables_shorter_than_the_context_are_told_at_load([Values(0, Switch)] int longestShort)
    {
        using var files = SyntheticFolder.Create(LongRope with { LongestShortText = longestShort, RotaryPositions = 100 });
        Assert.That(
            async () => await OnnxTargetVerifier.LoadAsync(new OnnxModelOptions { Folder = files.Path }),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("GroupQueryAttention").And.Message.Contains("100 positions").And.Message.Contains("256 ids"));
    }

    [Test]
    public void A_table_of_short_texts_need_not_be_longer_than_these()
    {
        using var files = SyntheticFolder.Create(LongRope with { LongestShortText = 250 });
        using PackedDecoder packed = BitIdentityTests.Open(files.Path);
        Assert.That(packed.Decoder.Signature.LongestShortText, Is.EqualTo(250));
    }
}
