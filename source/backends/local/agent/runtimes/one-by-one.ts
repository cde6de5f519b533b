/** Once more where it is asked for meanwhile: of two at the same time the earlier size may come last. */
export function oneByOne(act: () => Promise<void>): () => void {
	let isActing = false;
	let isAsked = false;
	const go = async () => {
		isActing = true;
		while (isAsked) {
			isAsked = false;
			await act();
		}

		isActing = false;
	};
	return () => {
		isAsked = true;
		if (!isActing) {
			void go();
		}
	};
}
