using Microsoft.Extensions.Logging.Abstractions;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.GenAI.Tests.Loading;

/// <summary>A folder that cannot be used is refused when it is loaded, by an error that names what, where and what to do.</summary>
internal sealed class BadFolderTests
{
    private static readonly SyntheticOptions Decoder = new() { GroupQuery = true };

    private static readonly TestCaseData[] Configurations =
    [
        Case("no JSON", _ => "{", "is not JSON"),
        Case("no type", text => text.Replace("\"type\":\"llama\",", "", StringComparison.Ordinal), "'model.type' in", "is missing"),
        Case("no context", text => text.Replace("\"context_length\":64,", "", StringComparison.Ordinal), "'model.context_length' in", "is missing"),
        Case("no vocabulary", text => text.Replace("\"vocab_size\":32,", "\"vocab_size\":0,", StringComparison.Ordinal), "'model.vocab_size' in", "must be at least 1 but is 0"),
        Case("type is a number", text => text.Replace("\"llama\"", "7", StringComparison.Ordinal), "'model.type' in", "must be a string but is 7"),
        Case("unknown type", text => text.Replace("\"llama\"", "\"llama9\"", StringComparison.Ordinal), "ONNX Runtime GenAI cannot load", "llama9"),
        Case("key that GenAI does not know", text => text.Replace("\"type\":", "\"kind\":1,\"type\":", StringComparison.Ordinal), "ONNX Runtime GenAI cannot load", "kind"),
        Case("draft section", text => text.Replace("\"decoder\":", "\"draft\":{\"filename\":\"model.onnx\"},\"decoder\":", StringComparison.Ordinal), "'model.draft' in", "name the target's folder by UseGenAITarget and the draft's by AddGenAIDraft"),
        Case("vision", text => text.Replace("\"decoder\":", "\"vision\":{\"filename\":\"vision.onnx\"},\"decoder\":", StringComparison.Ordinal), "'model.vision' in", "sees"),
        Case("speech", text => text.Replace("\"decoder\":", "\"speech\":{\"filename\":\"speech.onnx\"},\"decoder\":", StringComparison.Ordinal), "'model.speech' in", "hears"),
        Case("pipeline", text => text.Replace("\"head_size\":", "\"pipeline\":[{\"a\":{\"filename\":\"a.onnx\"}}],\"head_size\":", StringComparison.Ordinal), "'model.decoder.pipeline' in", "cannot go back"),
        Case("cache that slides", text => text.Replace("\"head_size\":", "\"sliding_window\":{\"window_size\":8},\"head_size\":", StringComparison.Ordinal), "slide_key_value_cache' in", "cannot go back to an earlier position"),
        Case("no model file", text => text.Replace("model.onnx", "other.onnx", StringComparison.Ordinal), "ONNX Runtime GenAI cannot load", "other.onnx"),
        Case("another vocabulary", text => text.Replace("\"vocab_size\":32,", "\"vocab_size\":64,", StringComparison.Ordinal), "failed in running 3 ids", ""),
        Case("operators of its own", text => text.Replace("\"log_id\"", "\"custom_ops_library\":\"ops.so\",\"log_id\"", StringComparison.Ordinal), "custom_ops_library' in", "native code of the folder's own choosing"),
    ];

    [TestCaseSource(nameof(Configurations))]
    public void A_configuration_that_cannot_be_used_is_named(Func<string, string> change, string what, string why)
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder, change: change);

        ModelLoadException? fault = Assert.ThrowsAsync<ModelLoadException>(() => GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = folder.Path }));
        Assert.That(fault!.Message, Does.Contain(what).And.Contain(why).And.Contain(folder.Path));
        Assert.ThrowsAsync<ModelLoadException>(() => GenAIDraftModel.LoadAsync(new GenAIModelOptions { Folder = folder.Path }));
    }

    [Test]
    public void A_folder_that_does_not_exist_is_named() => Expect(new GenAIModelOptions { Folder = "no/such/folder" }, "'no/such/folder' does not exist", Directory.GetCurrentDirectory());

    [Test]
    public void A_folder_without_configuration_is_told_where_it_can_be_loaded()
    {
        using TemporaryFolder folder = SyntheticFolder.Create(Decoder);
        Expect(new GenAIModelOptions { Folder = folder.Path }, "has no 'genai_config.json'", "UseTarget or AddDraft");
    }

    [Test]
    public void A_state_that_cannot_be_taken_back_is_refused_with_what_works_instead()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder, model: RecurrentDecoder.Build(Decoder));
        Expect(new GenAIModelOptions { Folder = folder.Path }, "cannot go back to an earlier position", "Plain decoding by ONNX Runtime GenAI itself works", "UseTarget");
    }

    [TestCase("intra_op_num_threads", "IntraOpThreads")]
    [TestCase("enable_mem_pattern", "genai_config.json")]
    public void What_is_no_session_entry_is_named(string key, string instead)
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        Expect(new GenAIModelOptions { Folder = folder.Path, SessionEntries = { [key] = "1" } }, $"'{key}' is no session configuration entry", instead);
    }

    [Test]
    public async Task A_folder_without_a_tokenizer_loads_where_the_pipeline_has_its_own()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        File.Delete(Path.Combine(folder.Path, "tokenizer.json"));
        using GenAITargetVerifier target = await GenAITargetVerifier.LoadAsync(new GenAIModelOptions { Folder = folder.Path, ReadsTokenizer = false });

        Assert.That(target.Tokenizer, Is.Null);
    }

    [Test]
    public void A_model_that_is_cut_off_is_named()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        string model = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(model, File.ReadAllBytes(model)[..2000]);
        Expect(new GenAIModelOptions { Folder = folder.Path }, "ONNX Runtime GenAI cannot load", folder.Path);
    }

    [Test]
    public void A_provider_that_is_not_there_is_named()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        Expect(new GenAIModelOptions { Folder = folder.Path, Provider = "cuda" }, "ONNX Runtime GenAI cannot load", "Provider 'cuda' has to come with the package");
    }

    [Test]
    public void Options_of_a_provider_need_the_provider()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        Expect(new GenAIModelOptions { Folder = folder.Path, ProviderOptions = { ["device_id"] = "0" } }, "ProviderOptions", "name the provider");
    }

    [Test]
    public void An_adapter_without_a_file_is_named()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        Expect(new GenAIModelOptions { Folder = folder.Path, Adapters = { ["law"] = "/no/law.onnx_adapter" } }, "'law' has no file", "/no/law.onnx_adapter");
    }

    [Test]
    public void An_adapter_whose_file_is_none_is_named()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder).With("law.onnx_adapter", "no adapter");
        Expect(new GenAIModelOptions { Folder = folder.Path, Adapters = { ["law"] = Path.Combine(folder.Path, "law.onnx_adapter") } }, "ONNX Runtime GenAI cannot load", folder.Path);
    }

    [Test]
    public void A_folder_without_a_tokenizer_is_refused_as_a_target()
    {
        using TemporaryFolder folder = GenAIFolders.Synthetic(Decoder);
        File.Delete(Path.Combine(folder.Path, "tokenizer.json"));
        Expect(new GenAIModelOptions { Folder = folder.Path }, "tokenizer.json", folder.Path);
    }

    [Test]
    public void A_load_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.That(
            () => GenAITargetVerifier.Load(new GenAIModelOptions { Folder = GenAIFolders.FamilyTarget }, NullLogger.Instance, stop.Token),
            Throws.InstanceOf<OperationCanceledException>(),
            "a step looks at it");
    }

    private static void Expect(GenAIModelOptions options, params string[] parts)
    {
        ModelLoadException? fault = Assert.ThrowsAsync<ModelLoadException>(() => GenAITargetVerifier.LoadAsync(options));
        foreach (string part in parts)
            Assert.That(fault!.Message, Does.Contain(part));
    }

    private static TestCaseData Case(string name, Func<string, string> change, string what, string why = "") => new TestCaseData(change, what, why).SetArgDisplayNames(name);
}
