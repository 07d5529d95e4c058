using System.Text.Json.Nodes;
using Minions.Core.GenAI.Loading;

namespace Minions.Core.GenAI.Tests.Loading;

internal sealed class SessionOverlayTests
{
    private static readonly GenAIConfiguration Folder = new()
    {
        Type = "llama",
        ContextLength = 512,
        VocabularySize = 32,
        ModelFile = "model.onnx",
        LogitsName = "logits",
        HeadSize = 16,
        SlidingWindow = null,
        IntraOpThreads = null,
    };

    [TestCase(null, null, 4)]
    [TestCase(3, null, 3)]
    [TestCase(3, 2, 2)]
    [TestCase(null, 2, 2)]
    public void Threads_are_those_of_the_options_else_of_the_folder_else_of_the_role(int? folder, int? options, int expected)
    {
        JsonObject json = SessionOverlay.ToJson(Folder with { IntraOpThreads = folder }, new GenAIModelOptions { IntraOpThreads = options }, defaultThreads: 4);

        Assert.That((int?)json["model"]?["decoder"]?["session_options"]?["intra_op_num_threads"], Is.EqualTo(expected));
    }

    [Test]
    public void Entries_win_over_the_librarys_own()
    {
        JsonObject json = SessionOverlay.ToJson(Folder, new GenAIModelOptions { SessionEntries = { ["session.force_spinning_stop"] = "0", ["a.b"] = "c" } }, 1);
        JsonNode? session = json["model"]?["decoder"]?["session_options"];

        Assert.That((string?)session?["session.force_spinning_stop"], Is.EqualTo("0"));
        Assert.That((string?)session?["a.b"], Is.EqualTo("c"));
    }

    [Test]
    public void A_window_keeps_all_that_its_folder_says_and_gets_room()
    {
        JsonObject json = SessionOverlay.ToJson(Folder with { SlidingWindow = """{"window_size":8,"layers":[0,2],}""" }, new GenAIModelOptions(), 1);

        Assert.That(json["model"]?["decoder"]?["sliding_window"]?.ToJsonString(), Is.EqualTo("""{"window_size":8,"layers":[0,2],"cache_slack":512}"""));
    }
}
