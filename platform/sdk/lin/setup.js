// A setup module: the SDK runs it before the role's main one. See loop.c.

function plugIn() @ "xs_plug_in";

export default function (done) {
	plugIn();
	done();
}
