using System.Buffers.Binary;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core.OnnxRuntime;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>A head that does not fit, or whose files are not whole, is refused when it is loaded or composed, by a sentence that says what to do.</summary>
public sealed class BadHeadTests
{
    private const string Named = """{ "target": { "states": ["hidden_states.0", "hidden_states.1", "hidden_states.2"] } }""";

    [Test]
    public void Files_that_are_missing_or_broken() => Assert.Multiple(() =>
    {
        using (var folder = new HeadFolder())
            Refused(new OnnxHeadOptions { Folder = Path.Combine(folder.Head, "none") }, "does not exist");
        using (HeadFolder folder = new HeadFolder().Delete("eagle3/model.onnx"))
            Refused(folder.Options, "no other ONNX file");
        using (HeadFolder folder = new HeadFolder().Truncate("eagle3/model.onnx", 9_000))
            Refused(folder.Options, "truncated or not an ONNX file");
        using (HeadFolder folder = new HeadFolder().Truncate("eagle3/model.onnx.data", 1_000))
            Refused(folder.Options, "is cut off");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"))
            Refused(folder.Options, "Git LFS");
    });

    [Test]
    public void Configurations_that_cannot_be_meant() => Assert.Multiple(() =>
    {
        using (var folder = new HeadFolder())
            Refused(new OnnxHeadOptions { Folder = folder.Head, Target = folder.Target }, "Nothing says which states", "States", "head_config.json");
        using (var folder = new HeadFolder())
            Refused(new OnnxHeadOptions { Folder = folder.Head, States = { "final" } }, "borrows the target's embedding", "Target");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", """{ "inputs": { "fused_hidden": "fused" } }"""))
            Refused(folder.Options, "no input 'fused'", "'fused_hidden'");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", """{ "outputs": { "next_hidden": "next" } }"""))
            Refused(folder.Options, "no output 'next'", "'next_hidden'");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", """{ "num_hidden_layers": 2 }"""))
            Refused(folder.Options, "caches of 1 layers", "2 are expected");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", """{ "inputs": { "past_key_names": "past.%d.k" } }"""))
            Refused(folder.Options, "caches of 0 layers", "past.%d.k");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", """{ "target": { "states": 3 } }"""))
            Refused(new OnnxHeadOptions { Folder = folder.Head, Target = folder.Target }, "is not an array");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", "{"))
            Refused(folder.Options, "not valid JSON");
        using (var folder = new HeadFolder())
            Refused(new OnnxHeadOptions { Folder = folder.Target }, "no 'model.mtp' section", "head_config.json");
    });

    [Test]
    public void Tables_of_tokens_that_cannot_be_meant() => Assert.Multiple(() =>
    {
        using (HeadFolder folder = new HeadFolder().Write("eagle3/d2t.json", "[0, 0, 0]"))
            Refused(folder.Options, "512 columns", "3 entries");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/d2t.json", $"[{string.Join(", ", Enumerable.Range(0, 512).Select(i => i == 7 ? -8 : 0))}]"))
            Refused(folder.Options, "column 7 would stand for token -1");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/d2t.json", $"[{string.Join(", ", Enumerable.Range(0, 512).Select(i => i == 7 ? -1 : 0))}]"))
            Refused(folder.Options, "column 7 would stand for token 6, as another one does");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/d2t.json", """{ "d2t": [] }"""))
            Refused(folder.Options, "no JSON list");
        using (var folder = new HeadFolder())
            Refused(With(folder.Options, "other.json"), "other.json");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head.safetensors", "short"))
            Refused(With(folder.Options, "head.safetensors"), "truncated");
        using (HeadFolder folder = new HeadFolder().Write("eagle3/head.safetensors", "long enough for a number that is no length"))
            Refused(With(folder.Options, "head.safetensors"), "no safetensors file");
    });

    [Test]
    public async Task A_table_out_of_a_checkpoint_is_the_same_as_a_list()
    {
        using var folder = new HeadFolder();
        long[] offsets = System.Text.Json.JsonSerializer.Deserialize<long[]>(File.ReadAllText(Path.Combine(folder.Head, "d2t.json")))!;
        WriteSafetensors(Path.Combine(folder.Head, "head.safetensors"), offsets);
        using OnnxTargetVerifier target = await folder.LoadTargetAsync([.. folder.Options.States]);
        using OnnxHeadModel listed = await OnnxHeadModel.LoadAsync(folder.Options);
        using OnnxHeadModel stored = await OnnxHeadModel.LoadAsync(With(folder.Options, "head.safetensors"));
        int[] text = [.. Enumerable.Range(0, 30).Select(i => i * 97 % 4096)];
        using var one = new HeadOnText(target, listed);
        using var other = new HeadOnText(target, stored);
        one.TakeIn(text);
        other.TakeIn(text);

        Assert.That(other.Guess(text, 4), Is.EqualTo(one.Guess(text, 4)));
    }

    [Test]
    public async Task Heads_that_do_not_fit_the_target()
    {
        using var folder = new HeadFolder();
        using OnnxHeadModel head = await OnnxHeadModel.LoadAsync(folder.Options);
        using OnnxTargetVerifier silent = await folder.LoadTargetAsync();
        using OnnxTargetVerifier other = await folder.LoadTargetAsync("hidden_states.0", "hidden_states.1");
        using OnnxTargetVerifier right = await folder.LoadTargetAsync([.. folder.Options.States]);
        using OnnxHeadModel two = await OnnxHeadModel.LoadAsync(folder.WithStates("hidden_states.0", "hidden_states.1"));
        folder.Write("eagle3/head_config.json", """{ "target": { "hidden_size": 128 } }""");
        using OnnxHeadModel wide = await OnnxHeadModel.LoadAsync(folder.Options);
        folder.Write("eagle3/head_config.json", """{ "target": { "vocab_size": 4097 } }""");
        using OnnxHeadModel foreign = await OnnxHeadModel.LoadAsync(folder.Options);
        folder.Delete("eagle3/head_config.json").Delete("eagle3/d2t.json");
        using OnnxHeadModel untold = await OnnxHeadModel.LoadAsync(folder.Options);
        folder.Write("eagle3/d2t.json", $"[{string.Join(", ", Enumerable.Range(0, 512).Select(_ => 4000))}]");
        using OnnxHeadModel beyond = await OnnxHeadModel.LoadAsync(folder.Options);

        Assert.Multiple(() =>
        {
            Assert.That(head.FindMisfit(right, tokenizer: null), Is.Null);
            Assert.That(head.FindMisfit(silent, tokenizer: null), Does.Contain("OnnxTargetVerifier gives none").And.Contain("'hidden_states.2'"));
            Assert.That(head.FindMisfit(other, tokenizer: null), Does.Contain("reads the state 'hidden_states.2'").And.Contain("gives 'hidden_states.0', 'hidden_states.1'"));
            Assert.That(two.FindMisfit(right, tokenizer: null), Does.Contain("rows of 192 numbers").And.Contain("64 + 64"));
            Assert.That(wide.FindMisfit(right, tokenizer: null), Does.Contain("states have 128 numbers").And.Contain("has 64"));
            Assert.That(foreign.FindMisfit(right, tokenizer: null), Does.Contain("4097 tokens").And.Contain("4096"));
            Assert.That(untold.FindMisfit(right, tokenizer: null), Does.Contain("logits are of 512 tokens").And.Contain("4096"));
            Assert.That(beyond.FindMisfit(right, tokenizer: null), Does.Contain("logits are of 4512 tokens"));
        });
    }

    [Test]
    public async Task Registered_heads_are_refused_like_other_drafts()
    {
        using HeadFolder folder = new HeadFolder().Write("eagle3/head_config.json", Named);
        Assert.That(await LoadAsync(folder), Is.Null);

        folder.Write("eagle3/head_config.json", """{ "target": { "states": ["hidden_states.7"] } }""");
        Assert.That(await LoadAsync(folder), Is.TypeOf<ModelLoadException>().With.Message.Contains("hidden_states.7"));

        folder.Write("eagle3/head_config.json", """{ "target": { "states": ["hidden_states.1", "hidden_states.2"] } }""");
        Assert.That(await LoadAsync(folder), Is.TypeOf<ModelLoadException>().With.Message.Contains("'eagle3' does not fit the target"));

        folder.Delete("eagle3/model.onnx");
        Assert.That(await LoadAsync(folder), Is.TypeOf<OptionsValidationException>().With.Message.Contains("Heads[0].Folder"));
    }

    private static async Task<Exception?> LoadAsync(HeadFolder folder)
    {
        var services = new ServiceCollection();
        services.AddMinions().UseTarget(folder.Target).AddHead(folder.Head);
        await using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            await provider.GetRequiredService<SpeculativePipeline>().LoadAsync();
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    private static OnnxHeadOptions With(OnnxHeadOptions options, string table)
    {
        options.DraftTokens = table;
        return options;
    }

    private static void Refused(OnnxHeadOptions options, params string[] parts)
    {
        ModelLoadException? fault = Assert.ThrowsAsync<ModelLoadException>(async () => (await OnnxHeadModel.LoadAsync(options)).Dispose());
        foreach (string part in parts)
            Assert.That(fault?.Message, Does.Contain(part));
    }

    private static void WriteSafetensors(string file, long[] values)
    {
        string place = $"\"dtype\":\"I64\",\"shape\":[{values.Length}],\"data_offsets\":[8,{8 + values.Length * sizeof(long)}]";
        byte[] header = Encoding.UTF8.GetBytes("{\"other\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"d2t\":{" + place + "}}");
        byte[] content = new byte[sizeof(long) + header.Length + 8 + values.Length * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(content, header.Length);
        header.CopyTo(content, sizeof(long));
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(sizeof(long) + header.Length + 8 + i * sizeof(long)), values[i]);
        File.WriteAllBytes(file, content);
    }
}
