using Minions.Core.DependencyInjection;
using Minions.Core.OnnxRuntime;

namespace Minions.Core.Tests.DependencyInjection;

public sealed class DraftNamesTests
{
    [Test]
    public void A_folder_gives_its_own_name() => Assert.That(Of("/a/code", "/a/facts/"), Is.EqualTo(new[] { "code", "facts" }));

    [Test]
    public void Folders_of_one_name_get_what_tells_them_apart() =>
        Assert.That(Of("/a/code/small", "/a/facts/small", "/b/code/small", "/b/large"), Is.EqualTo(new[] { "a/code/small", "facts/small", "b/code/small", "large" }));

    [Test]
    public void Files_of_one_folder_are_told_apart_by_the_file() => Assert.That(
        DraftNames.Of([new OnnxModelOptions { Folder = "/a/code", ModelFile = "onnx/model_q4.onnx" }, new OnnxModelOptions { Folder = "/a/code", ModelFile = "model_int8.onnx" }]),
        Is.EqualTo(new[] { "code/model_q4", "code/model_int8" }));

    [Test]
    public void A_name_that_is_given_is_kept() => Assert.That(
        DraftNames.Of([new OnnxModelOptions { Folder = "/a/code", Name = "quick" }, new OnnxModelOptions { Folder = "/b/code" }]), Is.EqualTo(new[] { "quick", "code" }));

    [Test]
    public void The_same_model_twice_has_the_same_name() => Assert.That(Of("/a/code", "/a/code/"), Is.EqualTo(new[] { "code", "code" }));

    private static string[] Of(params string[] folders) => DraftNames.Of([.. folders.Select(folder => new OnnxModelOptions { Folder = folder })]);
}
